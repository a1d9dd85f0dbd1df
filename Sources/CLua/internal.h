// What the parts of the interpreter share.
#ifndef CLUA_INTERNAL_H
#define CLUA_INTERNAL_H

#include "CLua.h"

#include <lua5.1/lua.h>
#include <lua5.1/lauxlib.h>
#include <lua5.1/lualib.h>

struct martlet_lua {
  lua_State *state;
  martlet_lua_host host;
  void *context;
  size_t memory;
  size_t memory_limit;
  bool is_library;
  /// A library is being loaded.
  bool is_loading;
  /// The hook ends whatever runs.
  bool is_killed;
  /// Text for errors that are returned to Swift.
  char error[1024];
  /// References into the registry.
  int globals;
  int library_globals;
  int protected_globals;
  int bottom[4];
  /// Room for the arguments of redis.call, and for the numbers among them.
  martlet_slice *arguments;
  size_t argument_capacity;
  uint8_t *numbers;
  size_t number_capacity;
  /// What cmsgpack puts together.
  uint8_t *packed;
  size_t packed_count;
  size_t packed_capacity;
};

/// The interpreter that `L`, or the coroutine `L`, belongs to.
martlet_lua *martlet_interpreter(lua_State *L);

/// Pushes the table that stands for an error; a message without a code gets ERR, one with a code begins with a minus.
void martlet_push_error(lua_State *L, const char *message, size_t length);
int martlet_raise(lua_State *L, const char *message);

/// Replaces the table on top by one that shows the same and cannot be changed. `metatable`: what getmetatable says of
/// it, an index into the stack, or 0.
void martlet_protect(lua_State *L, int metatable);
/// Whether the value at `index` was made by ``martlet_protect``. If so, the table behind it is pushed when asked for.
bool martlet_is_protected(lua_State *L, int index, bool push);
/// Makes the globals that scripts see.
void martlet_open_sandbox(lua_State *L, martlet_lua *lua);

/// Fills the global `redis`, which is on top.
void martlet_open_redis(lua_State *L, martlet_lua *lua, const char *version, int version_number);
void martlet_open_library_redis(lua_State *L, const char *version, int version_number);

/// Pushes the Lua value of a reply in RESP.
void martlet_push_reply(lua_State *L, martlet_slice reply);
/// Hands the value on top to the host as a reply, and pops it.
void martlet_send_reply(lua_State *L, martlet_lua *lua);

int martlet_open_struct(lua_State *L);
int martlet_open_messagepack(lua_State *L);

#endif
