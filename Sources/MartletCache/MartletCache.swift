// MartletCache
