#include "internal.h"

int martlet_open_struct(lua_State *L) {
  lua_newtable(L);
  return 1;
}
