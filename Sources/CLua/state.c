#include "internal.h"

#include "CMartlet.h"

#include <stdlib.h>
#include <string.h>

int luaopen_cjson(lua_State *L);
int luaopen_bit(lua_State *L);

/// How many instructions a script runs between two questions whether it must end.
static const int instructions_per_check = 100000;

// Lua's memory is counted, and limited: Lua itself raises "not enough memory" where it gets none.
static void *allocate(void *context, void *block, size_t old, size_t size) {
  martlet_lua *lua = context;
  if (size == 0) {
    lua->memory -= old;
    martlet_free(block);
    return NULL;
  }
  if (size > old && size - old > lua->memory_limit - lua->memory) return NULL;
  void *new = martlet_try_allocate(size);
  if (new == NULL) return NULL;
  if (block != NULL) {
    memcpy(new, block, old < size ? old : size);
    martlet_free(block);
  }
  lua->memory = lua->memory - old + size;
  return new;
}

martlet_lua *martlet_interpreter(lua_State *L) {
  void *context;
  lua_getallocf(L, &context);
  return context;
}

static void hook(lua_State *L, lua_Debug *record) {
  (void)record;
  martlet_lua *lua = martlet_interpreter(L);
  if (!lua->is_killed && !lua->host.interrupted(lua->context)) return;
  lua->is_killed = true;
  // Again at once, so that nothing that catches the error goes on.
  lua_sethook(L, hook, LUA_MASKLINE, 0);
  lua_sethook(lua->state, hook, LUA_MASKLINE, 0);
  martlet_raise(L, lua->is_loading ? "FUNCTION LOAD timeout" : "Script killed by user with SCRIPT KILL...");
}

static void keep_functions(lua_State *L, martlet_lua *lua);

// MARK: Opening

static void open_library(lua_State *L, const char *name, lua_CFunction open) {
  lua_pushcfunction(L, open);
  lua_pushstring(L, name);
  lua_call(L, 1, 1);
  if (lua_istable(L, -1)) {
    lua_setfield(L, LUA_GLOBALSINDEX, name);
  } else {
    lua_pop(L, 1);
  }
}

struct opening {
  martlet_lua *lua;
  const char *version;
  int version_number;
};

static int open_protected(lua_State *L) {
  const struct opening *opening = lua_touserdata(L, 1);
  martlet_lua *lua = opening->lua;
  lua_pushcfunction(L, luaopen_base);
  lua_pushliteral(L, "");
  lua_call(L, 1, 0);
  open_library(L, LUA_TABLIBNAME, luaopen_table);
  open_library(L, LUA_STRLIBNAME, luaopen_string);
  open_library(L, LUA_MATHLIBNAME, luaopen_math);
  open_library(L, "cjson", luaopen_cjson);
  open_library(L, "bit", luaopen_bit);
  open_library(L, "struct", martlet_open_struct);
  open_library(L, "cmsgpack", martlet_open_messagepack);
  lua_newtable(L);
  martlet_open_redis(L, lua, opening->version, opening->version_number);
  lua_setfield(L, LUA_GLOBALSINDEX, "redis");
  if (lua->is_library) {
    lua_newtable(L);
    martlet_open_library_redis(L, opening->version, opening->version_number);
    lua->library_globals = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  keep_functions(L, lua);
  martlet_open_sandbox(L, lua);
  return 0;
}

martlet_lua *martlet_lua_open(const martlet_lua_host *host, void *context, size_t memory_limit, bool is_library,
                              const char *version, int version_number) {
  martlet_lua *lua = calloc(1, sizeof(martlet_lua));
  if (lua == NULL) return NULL;
  lua->host = *host;
  lua->context = context;
  lua->memory_limit = memory_limit;
  lua->is_library = is_library;
  lua->state = lua_newstate(allocate, lua);
  if (lua->state == NULL) {
    free(lua);
    return NULL;
  }
  struct opening opening = {lua, version, version_number};
  if (lua_cpcall(lua->state, open_protected, &opening) != 0) {
    martlet_lua_close(lua);
    return NULL;
  }
  lua_sethook(lua->state, hook, LUA_MASKCOUNT, instructions_per_check);
  return lua;
}

void martlet_lua_close(martlet_lua *lua) {
  lua_close(lua->state);
  free(lua->arguments);
  free(lua->numbers);
  free(lua->packed);
  free(lua);
}

size_t martlet_lua_memory(const martlet_lua *lua) { return lua->memory; }

// MARK: Compiling

static martlet_slice keep_error(martlet_lua *lua, const char *prefix, const char *text) {
  int length = snprintf(lua->error, sizeof lua->error, "%s%s", prefix, text != NULL ? text : "unknown error");
  if (length < 0) length = 0;
  if ((size_t)length >= sizeof lua->error) length = sizeof lua->error - 1;
  return (martlet_slice){(const uint8_t *)lua->error, length};
}

struct compiling {
  martlet_slice code;
  const char *name;
  int function;
};

static int compile_protected(lua_State *L) {
  struct compiling *compiling = lua_touserdata(L, 1);
  if (compiling->code.count > 0 && compiling->code.base[0] == (uint8_t)LUA_SIGNATURE[0]) {
    return luaL_error(L, "bytecode is not allowed");
  }
  if (luaL_loadbuffer(L, (const char *)compiling->code.base, (size_t)compiling->code.count, compiling->name) != 0) {
    return lua_error(L);
  }
  compiling->function = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

/// After an error that left no memory: what scripts left behind is collected at once.
static void recover(martlet_lua *lua, int status) {
  lua_settop(lua->state, 0);
  if (status == LUA_ERRMEM || lua->memory > lua->memory_limit / 2) lua_gc(lua->state, LUA_GCCOLLECT, 0);
}

static int compile(martlet_lua *lua, martlet_slice code, const char *name, const char *prefix, martlet_slice *error) {
  lua_State *L = lua->state;
  struct compiling compiling = {code, name, LUA_NOREF};
  int status = lua_cpcall(L, compile_protected, &compiling);
  if (status == 0) return compiling.function;
  *error = keep_error(lua, prefix, lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL);
  recover(lua, status);
  return LUA_NOREF;
}

int martlet_lua_compile(martlet_lua *lua, martlet_slice code, martlet_slice *error) {
  int function = compile(lua, code, "@user_script", "Error compiling script (new function): ", error);
  return function == LUA_NOREF ? -1 : function;
}

void martlet_lua_release(martlet_lua *lua, int function) { luaL_unref(lua->state, LUA_REGISTRYINDEX, function); }

// MARK: Libraries

/// Decides which table the globals that are being looked for are in.
static void show_globals(martlet_lua *lua, int reference) {
  lua_State *L = lua->state;
  lua_rawgeti(L, LUA_REGISTRYINDEX, lua->protected_globals);
  lua_getmetatable(L, -1);
  lua_pushliteral(L, "__index");
  lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
  lua_rawset(L, -3);
  lua_pop(L, 2);
}

static int load_protected(lua_State *L) {
  martlet_lua *lua = martlet_interpreter(L);
  int *function = lua_touserdata(L, 1);
  show_globals(lua, lua->library_globals);
  lua_rawgeti(L, LUA_REGISTRYINDEX, *function);
  lua_call(L, 0, 0);
  return 0;
}

static int restore_globals(lua_State *L) {
  martlet_lua *lua = martlet_interpreter(L);
  show_globals(lua, lua->globals);
  return 0;
}

/// Keeps what the error on top says. Nothing here needs memory.
static martlet_slice keep_load_error(martlet_lua *lua) {
  lua_State *L = lua->state;
  if (lua_type(L, -1) == LUA_TSTRING) return keep_error(lua, "Error registering functions: ERR ", lua_tostring(L, -1));
  if (lua_istable(L, -1)) {
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
      bool is_message = lua_type(L, -2) == LUA_TSTRING && strcmp(lua_tostring(L, -2), "err") == 0 &&
                        lua_type(L, -1) == LUA_TSTRING;
      if (is_message) return keep_error(lua, "Error registering functions: ", lua_tostring(L, -1));
      lua_pop(L, 1);
    }
  }
  return keep_error(lua, "Error registering functions: ", NULL);
}

bool martlet_lua_load_library(martlet_lua *lua, martlet_slice code, martlet_slice *error) {
  lua_State *L = lua->state;
  int function = compile(lua, code, "@user_function", "Error compiling function: ", error);
  if (function == LUA_NOREF) return false;
  lua->is_loading = true;
  lua->is_killed = false;
  int status = lua_cpcall(L, load_protected, &function);
  lua->is_loading = false;
  if (status != 0) *error = keep_load_error(lua);
  lua_cpcall(L, restore_globals, NULL);
  lua->is_killed = false;
  lua_sethook(L, hook, LUA_MASKCOUNT, instructions_per_check);
  luaL_unref(L, LUA_REGISTRYINDEX, function);
  recover(lua, status);
  return status == 0;
}

// MARK: Running

static void push_array(lua_State *L, const martlet_slice *elements, ptrdiff_t count) {
  lua_createtable(L, count < INT32_MAX ? (int)count : 0, 0);
  for (ptrdiff_t i = 0; i < count; i++) {
    lua_pushlstring(L, (const char *)elements[i].base, (size_t)elements[i].count);
    lua_rawseti(L, -2, (int)i + 1);
  }
}

static int execute_protected(lua_State *L) {
  const martlet_lua_run *run = lua_touserdata(L, 1);
  martlet_lua *lua = martlet_interpreter(L);
  if (run->is_eval) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, lua->globals);
    lua_pushliteral(L, "KEYS");
    push_array(L, run->keys, run->key_count);
    lua_rawset(L, -3);
    lua_pushliteral(L, "ARGV");
    push_array(L, run->arguments, run->argument_count);
    lua_rawset(L, -3);
    lua_rawgeti(L, LUA_REGISTRYINDEX, run->function);
    lua_call(L, 0, 1);
  } else {
    lua_rawgeti(L, LUA_REGISTRYINDEX, run->function);
    push_array(L, run->keys, run->key_count);
    push_array(L, run->arguments, run->argument_count);
    lua_call(L, 2, 1);
  }
  return 1;
}

/// Notes with an error where it happened; in a function of C, that is where it was called.
static int handle_error(lua_State *L) {
  lua_Debug record;
  int level = 1;
  bool has_place = lua_getstack(L, level, &record) != 0;
  if (has_place) {
    lua_getinfo(L, "Sl", &record);
    if (strcmp(record.what, "C") == 0) {
      level = 2;
      has_place = lua_getstack(L, level, &record) != 0;
      if (has_place) lua_getinfo(L, "Sl", &record);
    }
  }
  // The outermost frame is the server's own.
  lua_Debug outer;
  if (has_place && lua_getstack(L, level + 1, &outer) == 0) has_place = false;
  if (!lua_istable(L, 1)) {
    lua_newtable(L);
    lua_pushliteral(L, "ERR ");
    lua_getfield(L, LUA_REGISTRYINDEX, "tostring");
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    lua_concat(L, 2);
    lua_setfield(L, -2, "err");
    lua_replace(L, 1);
  }
  if (has_place) {
    lua_pushstring(L, record.source);
    lua_setfield(L, 1, "source");
    lua_pushinteger(L, record.currentline);
    lua_setfield(L, 1, "line");
  }
  lua_settop(L, 1);
  return 1;
}

static int reply_protected(lua_State *L) {
  // Called with the value to send.
  martlet_send_reply(L, martlet_interpreter(L));
  return 0;
}

/// Pushes a field of the error, whatever its metatable says: no more of the script's code is to run.
static void push_error_field(lua_State *L, const char *name) {
  lua_pushstring(L, name);
  lua_rawget(L, 1);
}

/// Called with an error and the name of the script.
static int reply_error_protected(lua_State *L) {
  martlet_lua *lua = martlet_interpreter(L);
  const char *name = lua_touserdata(L, 2);
  bool was_counted = false;
  if (lua_istable(L, 1)) {
    push_error_field(L, "ignore_error_stats_update");
    was_counted = lua_toboolean(L, -1);
    push_error_field(L, "line");
    push_error_field(L, "source");
    push_error_field(L, "err");
    if (!lua_isstring(L, -1)) {
      lua_pop(L, 1);
      lua_pushliteral(L, "ERR unknown error");
    }
    if (lua_isstring(L, -2) && lua_isstring(L, -3)) {
      lua_pushfstring(L, "%s script: %s, on %s:%s.", lua_tostring(L, -1), name, lua_tostring(L, -2),
                      lua_tostring(L, -3));
    }
  } else {
    const char *message = lua_isstring(L, 1) ? lua_tostring(L, 1) : "execution failure";
    char text[101];
    snprintf(text, sizeof text, "%s", message);
    lua_pushfstring(L, "ERR Error running script %s, %s\n", name, text);
  }
  size_t length;
  const char *text = lua_tolstring(L, -1, &length);
  lua->host.reply(lua->context, MARTLET_ERROR, (martlet_slice){(const uint8_t *)text, (ptrdiff_t)length}, was_counted,
                  0);
  return 0;
}

/// What a run needs of the interpreter lies at the bottom of its stack, and comes from the registry if it does not:
/// starting a run needs no memory.
enum { at_execute = 1, at_handler, at_reply, at_reply_error, stack_bottom = at_reply_error };

static void keep_functions(lua_State *L, martlet_lua *lua) {
  const lua_CFunction functions[stack_bottom] = {execute_protected, handle_error, reply_protected,
                                                 reply_error_protected};
  for (int i = 0; i < stack_bottom; i++) {
    lua_pushcfunction(L, functions[i]);
    lua->bottom[i] = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  lua_getglobal(L, "tostring");
  lua_setfield(L, LUA_REGISTRYINDEX, "tostring");
}

static void lay_bottom(martlet_lua *lua) {
  if (lua_gettop(lua->state) == stack_bottom) return;
  lua_settop(lua->state, 0);
  for (int i = 0; i < stack_bottom; i++) lua_rawgeti(lua->state, LUA_REGISTRYINDEX, lua->bottom[i]);
}

static void fail(martlet_lua *lua) {
  static const char text[] = "ERR not enough memory to run the script";
  martlet_slice bytes = {(const uint8_t *)text, sizeof text - 1};
  lua->host.reply(lua->context, MARTLET_ERROR, bytes, 0, 0);
}

void martlet_lua_execute(martlet_lua *lua, const martlet_lua_run *run) {
  lua_State *L = lua->state;
  lay_bottom(lua);
  lua_pushvalue(L, at_execute);
  lua_pushlightuserdata(L, (void *)run);
  int status = lua_pcall(L, 1, 1, at_handler);
  if (status == 0) {
    lua_pushvalue(L, at_reply);
    lua_insert(L, -2);
    status = lua_pcall(L, 1, 0, 0);
    if (status != 0) fail(lua);
  } else {
    char name[128];
    size_t length = (size_t)run->name.count < sizeof name - 1 ? (size_t)run->name.count : sizeof name - 1;
    memcpy(name, run->name.base, length);
    name[length] = 0;
    lua_pushvalue(L, at_reply_error);
    lua_insert(L, -2);
    lua->is_killed = false;
    lua_sethook(L, hook, LUA_MASKCOUNT, instructions_per_check);
    if (status == LUA_ERRMEM) lua_gc(L, LUA_GCCOLLECT, 0);
    lua_pushlightuserdata(L, name);
    if (lua_pcall(L, 2, 0, 0) != 0) fail(lua);
  }
  lua_settop(L, stack_bottom);
  if (status == LUA_ERRMEM || lua->memory > lua->memory_limit / 2) {
    lua_gc(L, LUA_GCRESTART, 0);
    lua_gc(L, LUA_GCCOLLECT, 0);
  }
}
