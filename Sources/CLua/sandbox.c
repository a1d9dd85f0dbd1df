// What scripts see, and cannot change.
//
// Lua 5.1 has no tables that cannot be written to. A protected table is an empty one in front of the real one, with a
// metatable that finds what is read in the real one and refuses what is written. The functions that would see the
// difference, or go around it, are replaced by ones that know of protected tables.
#include "internal.h"

#include <string.h>

static const char readonly_message[] = "Attempt to modify a readonly table";

/// Marks metatables of protected tables; scripts cannot make such a value.
static char mark;

/// No value is longer than this, so no script needs to make a longer text.
enum { maximum_text = 512 << 20 };

/// Places in such a metatable.
enum { place_mark = 1, place_table, place_metatable };

static int refuse_assignment(lua_State *L) { return luaL_error(L, "%s", readonly_message); }

static int refuse_change(lua_State *L) {
  lua_pushstring(L, readonly_message);
  return lua_error(L);
}

bool martlet_is_protected(lua_State *L, int index, bool push) {
  if (!lua_istable(L, index) || !lua_getmetatable(L, index)) return false;
  lua_rawgeti(L, -1, place_mark);
  bool is_protected = lua_touserdata(L, -1) == &mark;
  lua_pop(L, 1);
  if (is_protected && push) {
    lua_rawgeti(L, -1, place_table);
    lua_remove(L, -2);
  } else {
    lua_pop(L, 1);
  }
  return is_protected;
}

void martlet_protect(lua_State *L, int metatable) {
  lua_newtable(L);
  lua_createtable(L, 3, 2);
  lua_pushlightuserdata(L, &mark);
  lua_rawseti(L, -2, place_mark);
  lua_pushvalue(L, -3);
  lua_rawseti(L, -2, place_table);
  if (metatable != 0) {
    lua_pushvalue(L, metatable);
    lua_rawseti(L, -2, place_metatable);
  }
  lua_pushvalue(L, -3);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, refuse_assignment);
  lua_setfield(L, -2, "__newindex");
  lua_setmetatable(L, -2);
  lua_remove(L, -2);
}

// MARK: Functions that know of protected tables

/// The function behind a guarded one. It runs in the guard's own frame, so that its errors name the right function.
static int run_guarded(lua_State *L) {
  lua_CFunction function = lua_tocfunction(L, lua_upvalueindex(1));
  return function(L);
}

/// For functions that change their first argument.
static int guard_change(lua_State *L) {
  if (martlet_is_protected(L, 1, false)) return refuse_change(L);
  return run_guarded(L);
}

/// For functions that look into their first argument.
static int guard_look(lua_State *L) {
  if (martlet_is_protected(L, 1, true)) lua_replace(L, 1);
  return run_guarded(L);
}

static void guard(lua_State *L, int table, const char *name, lua_CFunction guard) {
  lua_getfield(L, table, name);
  if (lua_iscfunction(L, -1)) {
    lua_pushcclosure(L, guard, 1);
    lua_setfield(L, table, name);
  } else {
    lua_pop(L, 1);
  }
}

static int get_metatable(lua_State *L) {
  luaL_checkany(L, 1);
  if (!lua_getmetatable(L, 1)) {
    lua_pushnil(L);
    return 1;
  }
  if (martlet_is_protected(L, 1, false)) {
    lua_rawgeti(L, -1, place_metatable);
    return 1;
  }
  // All strings share one, which is shown as a protected copy.
  if (lua_type(L, 1) == LUA_TSTRING) {
    lua_pushvalue(L, lua_upvalueindex(1));
    return 1;
  }
  luaL_getmetafield(L, 1, "__metatable");
  return 1;
}

static int pairs_of(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  // The real table must not fall into a script's hands.
  lua_pushvalue(L, lua_upvalueindex(martlet_is_protected(L, 1, false) ? 2 : 1));
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

/// As Lua's, but the error of a command is its message, not the table that it is in.
static int protected_call(lua_State *L) {
  int count = lua_gettop(L);
  luaL_checkany(L, 1);
  lua_pushboolean(L, 1);
  lua_insert(L, 1);
  if (lua_pcall(L, count - 1, LUA_MULTRET, 0) != 0) {
    lua_remove(L, 1);
    if (lua_istable(L, -1)) {
      lua_getfield(L, -1, "err");
      if (lua_isstring(L, -1)) lua_replace(L, -2);
    }
    lua_pushboolean(L, 0);
    lua_insert(L, 1);
  }
  return lua_gettop(L);
}

/// The matcher calls itself once for each item of a pattern: with millions of them it would leave the stack.
enum { maximum_pattern = 4096 };

static int guard_pattern(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING && lua_objlen(L, 2) > maximum_pattern) {
    return luaL_error(L, "pattern too complex");
  }
  return run_guarded(L);
}

/// string.find, whose pattern may be a plain text.
static int guard_find(lua_State *L) { return lua_toboolean(L, 4) ? run_guarded(L) : guard_pattern(L); }

/// As Lua's, at the speed of copying, and within limits: nothing can interrupt it.
static int string_rep(lua_State *L) {
  size_t length;
  const char *text = luaL_checklstring(L, 1, &length);
  lua_Number times = luaL_checknumber(L, 2);
  if (length == 0 || !(times >= 1)) {
    lua_pushliteral(L, "");
    return 1;
  }
  if (times * (lua_Number)length > (lua_Number)maximum_text) return luaL_error(L, "resulting string too large");
  size_t total = length * (size_t)times;
  char *bytes = lua_newuserdata(L, total);
  memcpy(bytes, text, length);
  for (size_t done = length; done < total;) {
    size_t count = done < total - done ? done : total - done;
    memcpy(bytes + done, bytes, count);
    done += count;
  }
  lua_pushlstring(L, bytes, total);
  return 1;
}

// MARK: Loading code

static const char bytecode_message[] = "bytecode is not allowed";

static int load_text(lua_State *L, const char *text, size_t length, const char *name) {
  if (length > 0 && text[0] == LUA_SIGNATURE[0]) {
    lua_pushnil(L);
    lua_pushstring(L, bytecode_message);
    return 2;
  }
  if (luaL_loadbuffer(L, text, length, name) == 0) return 1;
  lua_pushnil(L);
  lua_insert(L, -2);
  return 2;
}

static int load_string(lua_State *L) {
  size_t length;
  const char *text = luaL_checklstring(L, 1, &length);
  return load_text(L, text, length, luaL_optstring(L, 2, text));
}

/// Puts together what a function returns piece by piece.
static int load_pieces(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  const char *name = luaL_optstring(L, 2, "=(load)");
  lua_settop(L, 2);
  lua_newtable(L);
  int count = 0;
  for (;;) {
    lua_pushvalue(L, 1);
    lua_call(L, 0, 1);
    if (lua_isnil(L, -1)) break;
    if (!lua_isstring(L, -1)) {
      lua_pushnil(L);
      lua_pushliteral(L, "reader function must return a string");
      return 2;
    }
    if (lua_objlen(L, -1) == 0) break;
    lua_rawseti(L, 3, ++count);
  }
  lua_settop(L, 3);
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  for (int i = 1; i <= count; i++) {
    lua_rawgeti(L, 3, i);
    luaL_addvalue(&buffer);
  }
  luaL_pushresult(&buffer);
  size_t length;
  const char *text = lua_tolstring(L, -1, &length);
  return load_text(L, text, length, name);
}

// MARK: Globals

static int refuse_unknown(lua_State *L) {
  if (lua_isstring(L, 2)) {
    return luaL_error(L, "Script attempted to access nonexistent global variable '%s'", lua_tostring(L, 2));
  }
  return luaL_error(L, "Second argument to luaProtectedTableError must be a string or number");
}

/// Lets the table on top refuse to be asked for what it does not hold, and leaves it with that metatable above it.
static void refuse_unknown_fields(lua_State *L) {
  lua_newtable(L);
  lua_pushcfunction(L, refuse_unknown);
  lua_setfield(L, -2, "__index");
  lua_pushvalue(L, -1);
  lua_setmetatable(L, -3);
}

static void remove_unsafe(lua_State *L, int globals) {
  static const char *const names[] = {"print", "dofile", "loadfile", "getfenv", "setfenv", "newproxy", "module", "require"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    lua_pushnil(L);
    lua_setfield(L, globals, names[i]);
  }
}

static void guard_functions(lua_State *L, int globals) {
  remove_unsafe(L, globals);
  guard(L, globals, "rawset", guard_change);
  guard(L, globals, "setmetatable", guard_change);
  guard(L, globals, "rawget", guard_look);
  lua_getfield(L, globals, "next");
  guard(L, globals, "next", guard_look);
  lua_getfield(L, globals, "next");
  lua_pushcclosure(L, pairs_of, 2);
  lua_setfield(L, globals, "pairs");
  lua_pushcfunction(L, protected_call);
  lua_setfield(L, globals, "pcall");
  lua_pushcfunction(L, load_string);
  lua_setfield(L, globals, "loadstring");
  lua_pushcfunction(L, load_pieces);
  lua_setfield(L, globals, "load");
  lua_getfield(L, globals, "string");
  lua_pushcfunction(L, string_rep);
  lua_setfield(L, -2, "rep");
  int texts = lua_gettop(L);
  guard(L, texts, "find", guard_find);
  guard(L, texts, "match", guard_pattern);
  guard(L, texts, "gmatch", guard_pattern);
  guard(L, texts, "gfind", guard_pattern);
  guard(L, texts, "gsub", guard_pattern);
  lua_pop(L, 1);
  lua_getfield(L, globals, "table");
  int tables = lua_gettop(L);
  guard(L, tables, "insert", guard_change);
  guard(L, tables, "remove", guard_change);
  guard(L, tables, "sort", guard_change);
  guard(L, tables, "setn", guard_change);
  guard(L, tables, "foreach", guard_look);
  lua_pop(L, 1);
}

/// Replaces the tables in the one at `globals` by protected ones.
static void protect_libraries(lua_State *L, int globals) {
  static const char *const names[] = {"string", "table",  "math",     "coroutine", "cjson",
                                      "bit",    "struct", "cmsgpack", "redis"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    lua_getfield(L, globals, names[i]);
    if (lua_istable(L, -1)) {
      martlet_protect(L, 0);
      lua_setfield(L, globals, names[i]);
    } else {
      lua_pop(L, 1);
    }
  }
}

static void protect_string_metatable(lua_State *L, int globals) {
  lua_newtable(L);
  lua_getfield(L, globals, "string");
  lua_setfield(L, -2, "__index");
  martlet_protect(L, 0);
  lua_pushcclosure(L, get_metatable, 1);
  lua_setfield(L, globals, "getmetatable");
}

/// Pushes the table on top as scripts see it: protected, with an error for what it does not hold.
static int protect_globals(lua_State *L) {
  refuse_unknown_fields(L);
  martlet_protect(L, 0);
  int metatable = lua_gettop(L);
  lua_pushvalue(L, -2);
  martlet_protect(L, metatable);
  return lua_gettop(L);
}

void martlet_open_sandbox(lua_State *L, martlet_lua *lua) {
  lua_pushvalue(L, LUA_GLOBALSINDEX);
  int globals = lua_gettop(L);
  guard_functions(L, globals);
  protect_libraries(L, globals);
  protect_string_metatable(L, globals);

  lua_pushvalue(L, globals);
  int visible = protect_globals(L);
  lua_pushvalue(L, visible);
  lua_setfield(L, globals, "_G");
  lua_pushvalue(L, visible);
  lua->protected_globals = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pushvalue(L, globals);
  lua->globals = luaL_ref(L, LUA_REGISTRYINDEX);
  if (lua->is_library) {
    // While a library is loaded, it sees nothing but what registers functions.
    lua_newtable(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, lua->library_globals);
    refuse_unknown_fields(L);
    lua_pop(L, 1);
    martlet_protect(L, 0);
    lua_setfield(L, -2, "redis");
    refuse_unknown_fields(L);
    lua_pop(L, 1);
    luaL_unref(L, LUA_REGISTRYINDEX, lua->library_globals);
    lua->library_globals = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  lua_pushvalue(L, visible);
  lua_replace(L, LUA_GLOBALSINDEX);
}
