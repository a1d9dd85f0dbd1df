// `cmsgpack`: values as MessagePack. As the library of this name by Salvatore Sanfilippo: integers where a number is
// one, arrays where a table's keys are 1 to n, nil beyond sixteen levels. https://msgpack.org
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { maximum_nesting = 16, kept_capacity = 1 << 20 };

// MARK: Packing

/// The buffer belongs to the interpreter: an error on the way does not lose it.
static void append(lua_State *L, martlet_lua *lua, const void *bytes, size_t count) {
  if (lua->packed_capacity - lua->packed_count < count) {
    size_t capacity = (lua->packed_capacity + count) * 2;
    if (capacity > lua->memory_limit) luaL_error(L, "not enough memory");
    uint8_t *new = realloc(lua->packed, capacity);
    if (new == NULL) luaL_error(L, "not enough memory");
    lua->packed = new;
    lua->packed_capacity = capacity;
  }
  memcpy(lua->packed + lua->packed_count, bytes, count);
  lua->packed_count += count;
}

/// A byte that tells the type, and a number of `size` bytes.
static void append_head(lua_State *L, martlet_lua *lua, uint8_t type, uint64_t number, size_t size) {
  uint8_t bytes[9] = {type};
  for (size_t i = 0; i < size; i++) bytes[1 + i] = (uint8_t)(number >> (8 * (size - 1 - i)));
  append(L, lua, bytes, 1 + size);
}

static void pack_integer(lua_State *L, martlet_lua *lua, int64_t number) {
  uint64_t bits = (uint64_t)number;
  if (number >= 0) {
    if (number <= 127) append_head(L, lua, (uint8_t)number, 0, 0);
    else if (number <= 0xff) append_head(L, lua, 0xcc, bits, 1);
    else if (number <= 0xffff) append_head(L, lua, 0xcd, bits, 2);
    else if (number <= 0xffffffff) append_head(L, lua, 0xce, bits, 4);
    else append_head(L, lua, 0xcf, bits, 8);
  } else {
    if (number >= -32) append_head(L, lua, (uint8_t)number, 0, 0);
    else if (number >= INT8_MIN) append_head(L, lua, 0xd0, bits, 1);
    else if (number >= INT16_MIN) append_head(L, lua, 0xd1, bits, 2);
    else if (number >= INT32_MIN) append_head(L, lua, 0xd2, bits, 4);
    else append_head(L, lua, 0xd3, bits, 8);
  }
}

static void pack_number(lua_State *L, martlet_lua *lua, double number) {
  bool fits = number >= -9223372036854775808.0 && number < 9223372036854775808.0;
  if (fits && (double)(int64_t)number == number) return pack_integer(L, lua, (int64_t)number);
  float narrow = (float)number;
  uint64_t bits = 0;
  if ((double)narrow == number) {
    uint32_t half;
    memcpy(&half, &narrow, sizeof half);
    append_head(L, lua, 0xca, half, 4);
  } else {
    memcpy(&bits, &number, sizeof bits);
    append_head(L, lua, 0xcb, bits, 8);
  }
}

static void pack_string(lua_State *L, martlet_lua *lua, const char *text, size_t length) {
  if (length < 32) append_head(L, lua, (uint8_t)(0xa0 | length), 0, 0);
  else if (length <= 0xff) append_head(L, lua, 0xd9, length, 1);
  else if (length <= 0xffff) append_head(L, lua, 0xda, length, 2);
  else append_head(L, lua, 0xdb, length, 4);
  append(L, lua, text, length);
}

/// Whether the keys of the table on top are 1 to n, and nothing else. `count` is how many there are.
static bool is_array(lua_State *L, size_t *count) {
  lua_Number largest = 0;
  bool has_others = false;
  *count = 0;
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) {
    lua_pop(L, 1);
    (*count)++;
    if (lua_type(L, -1) != LUA_TNUMBER) {
      has_others = true;
      continue;
    }
    lua_Number key = lua_tonumber(L, -1);
    if (!(key >= 1 && key <= 2147483647.0) || (lua_Number)(int)key != key) has_others = true;
    if (key > largest) largest = key;
  }
  return !has_others && largest == (lua_Number)*count;
}

static void pack_value(lua_State *L, martlet_lua *lua, int level);

static void pack_table(lua_State *L, martlet_lua *lua, int level) {
  luaL_checkstack(L, 4, "in function cmsgpack.pack");
  size_t count;
  if (is_array(L, &count)) {
    if (count <= 15) append_head(L, lua, (uint8_t)(0x90 | count), 0, 0);
    else append_head(L, lua, count <= 0xffff ? 0xdc : 0xdd, count, count <= 0xffff ? 2 : 4);
    for (size_t i = 1; i <= count; i++) {
      lua_rawgeti(L, -1, (int)i);
      pack_value(L, lua, level + 1);
    }
    return;
  }
  if (count <= 15) append_head(L, lua, (uint8_t)(0x80 | count), 0, 0);
  else append_head(L, lua, count <= 0xffff ? 0xde : 0xdf, count, count <= 0xffff ? 2 : 4);
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) {
    lua_pushvalue(L, -2);
    pack_value(L, lua, level + 1);
    pack_value(L, lua, level + 1);
  }
}

/// Packs the value on top, and pops it.
static void pack_value(lua_State *L, martlet_lua *lua, int level) {
  switch (lua_type(L, -1)) {
  case LUA_TSTRING: {
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    pack_string(L, lua, text, length);
    break;
  }
  case LUA_TBOOLEAN: append_head(L, lua, lua_toboolean(L, -1) ? 0xc3 : 0xc2, 0, 0); break;
  case LUA_TNUMBER: pack_number(L, lua, lua_tonumber(L, -1)); break;
  case LUA_TTABLE:
    if (level < maximum_nesting) {
      pack_table(L, lua, level);
      break;
    }
    // Tables may hold themselves.
    append_head(L, lua, 0xc0, 0, 0);
    break;
  default: append_head(L, lua, 0xc0, 0, 0);
  }
  lua_pop(L, 1);
}

static int pack(lua_State *L) {
  martlet_lua *lua = martlet_interpreter(L);
  int count = lua_gettop(L);
  if (count == 0) return luaL_argerror(L, 0, "MessagePack pack needs input.");
  lua->packed_count = 0;
  for (int i = 1; i <= count; i++) {
    luaL_checkstack(L, 1, "in function cmsgpack.pack");
    lua_pushvalue(L, i);
    pack_value(L, lua, 0);
  }
  lua_pushlstring(L, (const char *)lua->packed, lua->packed_count);
  if (lua->packed_capacity > kept_capacity) {
    free(lua->packed);
    lua->packed = NULL;
    lua->packed_capacity = 0;
  }
  return 1;
}

// MARK: Unpacking

struct cursor {
  const uint8_t *at;
  size_t left;
};

static const uint8_t *take(lua_State *L, struct cursor *cursor, size_t count) {
  if (cursor->left < count) luaL_error(L, "Missing bytes in input.");
  const uint8_t *bytes = cursor->at;
  cursor->at += count;
  cursor->left -= count;
  return bytes;
}

static uint64_t take_number(lua_State *L, struct cursor *cursor, size_t size) {
  const uint8_t *bytes = take(L, cursor, size);
  uint64_t number = 0;
  for (size_t i = 0; i < size; i++) number = number << 8 | bytes[i];
  return number;
}

static int64_t take_signed(lua_State *L, struct cursor *cursor, size_t size) {
  uint64_t number = take_number(L, cursor, size);
  if (size == 8) return (int64_t)number;
  uint64_t sign = (uint64_t)1 << (size * 8 - 1);
  return (int64_t)((number ^ sign) - sign);
}

static void unpack_value(lua_State *L, struct cursor *cursor);

static void unpack_text(lua_State *L, struct cursor *cursor, size_t length) {
  lua_pushlstring(L, (const char *)take(L, cursor, length), length);
}

static void unpack_array(lua_State *L, struct cursor *cursor, size_t count) {
  // An element takes a byte at least, whatever the count says.
  if (count > cursor->left) luaL_error(L, "Missing bytes in input.");
  lua_newtable(L);
  for (size_t i = 1; i <= count; i++) {
    unpack_value(L, cursor);
    lua_rawseti(L, -2, (int)i);
  }
}

static void unpack_map(lua_State *L, struct cursor *cursor, size_t count) {
  if (count > cursor->left / 2) luaL_error(L, "Missing bytes in input.");
  lua_newtable(L);
  for (size_t i = 0; i < count; i++) {
    unpack_value(L, cursor);
    unpack_value(L, cursor);
    // Raises where the key is nil or not a number.
    lua_rawset(L, -3);
  }
}

static void unpack_floating(lua_State *L, struct cursor *cursor, size_t size) {
  uint64_t bits = take_number(L, cursor, size);
  if (size == 8) {
    double number;
    memcpy(&number, &bits, sizeof number);
    lua_pushnumber(L, number);
  } else {
    uint32_t half = (uint32_t)bits;
    float number;
    memcpy(&number, &half, sizeof number);
    lua_pushnumber(L, number);
  }
}

static void unpack_value(lua_State *L, struct cursor *cursor) {
  luaL_checkstack(L, 4, "too many nested values");
  uint8_t type = *take(L, cursor, 1);
  if (type <= 0x7f) return lua_pushnumber(L, type);
  if (type >= 0xe0) return lua_pushnumber(L, (int8_t)type);
  if (type <= 0x8f) return unpack_map(L, cursor, type & 15);
  if (type <= 0x9f) return unpack_array(L, cursor, type & 15);
  if (type <= 0xbf) return unpack_text(L, cursor, type & 31);
  switch (type) {
  case 0xc0: return lua_pushnil(L);
  case 0xc2: return lua_pushboolean(L, 0);
  case 0xc3: return lua_pushboolean(L, 1);
  case 0xc4: case 0xd9: return unpack_text(L, cursor, take_number(L, cursor, 1));
  case 0xc5: case 0xda: return unpack_text(L, cursor, take_number(L, cursor, 2));
  case 0xc6: case 0xdb: return unpack_text(L, cursor, take_number(L, cursor, 4));
  case 0xca: return unpack_floating(L, cursor, 4);
  case 0xcb: return unpack_floating(L, cursor, 8);
  case 0xcc: return lua_pushnumber(L, (lua_Number)take_number(L, cursor, 1));
  case 0xcd: return lua_pushnumber(L, (lua_Number)take_number(L, cursor, 2));
  case 0xce: return lua_pushnumber(L, (lua_Number)take_number(L, cursor, 4));
  case 0xcf: return lua_pushnumber(L, (lua_Number)take_number(L, cursor, 8));
  case 0xd0: return lua_pushnumber(L, (lua_Number)take_signed(L, cursor, 1));
  case 0xd1: return lua_pushnumber(L, (lua_Number)take_signed(L, cursor, 2));
  case 0xd2: return lua_pushnumber(L, (lua_Number)take_signed(L, cursor, 4));
  case 0xd3: return lua_pushnumber(L, (lua_Number)take_signed(L, cursor, 8));
  case 0xdc: return unpack_array(L, cursor, take_number(L, cursor, 2));
  case 0xdd: return unpack_array(L, cursor, take_number(L, cursor, 4));
  case 0xde: return unpack_map(L, cursor, take_number(L, cursor, 2));
  case 0xdf: return unpack_map(L, cursor, take_number(L, cursor, 4));
  default: luaL_error(L, "Bad data format in input.");
  }
}

/// Up to `limit` values from `offset` on; 0: all. Where it stopped is returned first if `tells_offset`.
static int unpack_values(lua_State *L, lua_Number limit, lua_Number offset, bool tells_offset) {
  size_t length;
  const char *text = luaL_checklstring(L, 1, &length);
  if (offset < 0 || limit < 0) {
    return luaL_error(L, "Invalid request to unpack with offset of %d and limit of %d.", (int)offset, (int)limit);
  }
  if (offset > (lua_Number)length) {
    return luaL_error(L, "Start offset %d greater than input length %d.", (int)offset, (int)length);
  }
  struct cursor cursor = {(const uint8_t *)text + (size_t)offset, length - (size_t)offset};
  lua_Number count = 0;
  if (tells_offset) lua_pushnil(L);
  int first = lua_gettop(L);
  while (cursor.left > 0 && (limit == 0 || count < limit)) {
    unpack_value(L, &cursor);
    count++;
  }
  if (tells_offset) {
    lua_pushnumber(L, cursor.left == 0 ? -1 : (lua_Number)(length - cursor.left));
    lua_replace(L, first);
    return (int)count + 1;
  }
  return (int)count;
}

static int unpack(lua_State *L) { return unpack_values(L, 0, 0, false); }

static int unpack_one(lua_State *L) {
  lua_Number offset = luaL_optnumber(L, 2, 0);
  lua_settop(L, 1);
  return unpack_values(L, 1, offset, true);
}

static int unpack_limit(lua_State *L) {
  lua_Number limit = luaL_checknumber(L, 2);
  lua_Number offset = luaL_optnumber(L, 3, 0);
  lua_settop(L, 1);
  return unpack_values(L, limit, offset, true);
}

int martlet_open_messagepack(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"pack", pack},
      {"unpack", unpack},
      {"unpack_one", unpack_one},
      {"unpack_limit", unpack_limit},
      {NULL, NULL},
  };
  static const struct {
    const char *name;
    const char *value;
  } texts[] = {
      {"_NAME", "cmsgpack"},
      {"_VERSION", "lua-cmsgpack 0.4.0"},
      {"_COPYRIGHT", "Copyright (C) 2012, Salvatore Sanfilippo"},
      {"_DESCRIPTION", "MessagePack C implementation for Lua"},
  };
  lua_newtable(L);
  for (const luaL_Reg *entry = functions; entry->name != NULL; entry++) {
    lua_pushcfunction(L, entry->func);
    lua_setfield(L, -2, entry->name);
  }
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    lua_pushstring(L, texts[i].value);
    lua_setfield(L, -2, texts[i].name);
  }
  return 1;
}
