// What scripts find in the table `redis`.
#include "internal.h"

#include "CMartlet.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

// MARK: Errors

void martlet_push_error(lua_State *L, const char *message, size_t length) {
  const char *code = "ERR";
  size_t code_length = 3;
  if (length > 0 && message[0] == '-') {
    message++;
    length--;
    const char *space = memchr(message, ' ', length);
    if (space != NULL) {
      code = message;
      code_length = (size_t)(space - message);
      message = space + 1;
      length -= code_length + 1;
    }
  }
  while (length > 0 && (message[length - 1] == '\r' || message[length - 1] == '\n')) length--;
  while (length > 0 && (*message == '\r' || *message == '\n')) {
    message++;
    length--;
  }
  lua_createtable(L, 0, 4);
  lua_pushlstring(L, code, code_length);
  lua_pushliteral(L, " ");
  lua_pushlstring(L, message, length);
  lua_concat(L, 3);
  lua_setfield(L, -2, "err");
}

static void push_message(lua_State *L, const char *message) { martlet_push_error(L, message, strlen(message)); }

int martlet_raise(lua_State *L, const char *message) {
  push_message(L, message);
  return lua_error(L);
}

// MARK: Commands

static bool grow(void **block, size_t *capacity, size_t needed, size_t stride) {
  if (*capacity >= needed) return true;
  void *new = realloc(*block, needed * 2 * stride);
  if (new == NULL) return false;
  *block = new;
  *capacity = needed * 2;
  return true;
}

enum { number_text = 40 };

/// Views of the arguments on the stack, where they stay. False after an error was pushed.
static bool read_arguments(lua_State *L, martlet_lua *lua, size_t *count) {
  int top = lua_gettop(L);
  *count = (size_t)top;
  if (top == 0) {
    push_message(L, "Please specify at least one argument for this redis lib call");
    return false;
  }
  if (!grow((void **)&lua->arguments, &lua->argument_capacity, (size_t)top, sizeof(martlet_slice))) {
    luaL_error(L, "not enough memory");
  }
  size_t numbers = 0;
  for (int i = 1; i <= top; i++) {
    int type = lua_type(L, i);
    if (type == LUA_TSTRING) {
      size_t length;
      const char *text = lua_tolstring(L, i, &length);
      lua->arguments[i - 1] = (martlet_slice){(const uint8_t *)text, (ptrdiff_t)length};
    } else if (type == LUA_TNUMBER) {
      numbers++;
    } else {
      push_message(L, "Lua redis lib command arguments must be strings or integers");
      return false;
    }
  }
  if (numbers == 0) return true;
  if (!grow((void **)&lua->numbers, &lua->number_capacity, numbers, number_text)) luaL_error(L, "not enough memory");
  uint8_t *text = lua->numbers;
  for (int i = 1; i <= top; i++) {
    if (lua_type(L, i) != LUA_TNUMBER) continue;
    size_t length = lua->host.format(lua->context, lua_tonumber(L, i), text);
    lua->arguments[i - 1] = (martlet_slice){text, (ptrdiff_t)length};
    text += number_text;
  }
  return true;
}

static int run_command(lua_State *L, bool raises) {
  martlet_lua *lua = martlet_interpreter(L);
  size_t count;
  if (!read_arguments(L, lua, &count)) return raises ? lua_error(L) : 1;
  martlet_call_result result = lua->host.call(lua->context, lua->arguments, count);
  lua_settop(L, 0);
  if (result.was_refused) {
    // The minus before the text tells that it has a code.
    lua_pushliteral(L, "-");
    lua_pushlstring(L, (const char *)result.bytes.base, (size_t)result.bytes.count);
    lua_concat(L, 2);
    size_t length;
    const char *text = lua_tolstring(L, 1, &length);
    martlet_push_error(L, text, length);
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, "ignore_error_stats_update");
    return raises ? lua_error(L) : 1;
  }
  martlet_push_reply(L, result.bytes);
  if (raises && result.bytes.count > 0 && result.bytes.base[0] == '-') return lua_error(L);
  return 1;
}

static int redis_call(lua_State *L) { return run_command(L, true); }
static int redis_pcall(lua_State *L) { return run_command(L, false); }

static int redis_acl_check_cmd(lua_State *L) {
  martlet_lua *lua = martlet_interpreter(L);
  size_t count;
  if (!read_arguments(L, lua, &count)) return lua_error(L);
  int answer = lua->host.may_run(lua->context, lua->arguments, count);
  if (answer < 0) return martlet_raise(L, "Invalid command passed to redis.acl_check_cmd()");
  lua_pushboolean(L, answer);
  return 1;
}

// MARK: Replies

static int redis_error_reply(lua_State *L) {
  if (lua_gettop(L) != 1 || lua_type(L, 1) != LUA_TSTRING) {
    push_message(L, "wrong number or type of arguments");
    return 1;
  }
  size_t length;
  const char *text = lua_tolstring(L, 1, &length);
  if (length == 0 || text[0] != '-') {
    lua_pushliteral(L, "-");
    lua_pushvalue(L, 1);
    lua_concat(L, 2);
    text = lua_tolstring(L, -1, &length);
  }
  martlet_push_error(L, text, strlen(text));
  return 1;
}

static int redis_status_reply(lua_State *L) {
  if (lua_gettop(L) != 1 || lua_type(L, 1) != LUA_TSTRING) {
    push_message(L, "wrong number or type of arguments");
    return 1;
  }
  lua_createtable(L, 0, 1);
  lua_pushvalue(L, 1);
  lua_setfield(L, -2, "ok");
  return 1;
}

static int redis_sha1hex(lua_State *L) {
  if (lua_gettop(L) != 1) return martlet_raise(L, "wrong number of arguments");
  size_t length = 0;
  const char *text = lua_tolstring(L, 1, &length);
  uint8_t digest[20];
  martlet_sha1(text != NULL ? text : "", length, digest);
  char digits[40];
  for (int i = 0; i < 20; i++) {
    digits[i * 2] = "0123456789abcdef"[digest[i] >> 4];
    digits[i * 2 + 1] = "0123456789abcdef"[digest[i] & 15];
  }
  lua_pushlstring(L, digits, sizeof digits);
  return 1;
}

// MARK: Settings of a run

static int redis_setresp(lua_State *L) {
  martlet_lua *lua = martlet_interpreter(L);
  if (lua_gettop(L) != 1) return martlet_raise(L, "redis.setresp() requires one argument.");
  lua_Number version = lua_tonumber(L, 1);
  if (!(version >= 2 && version < 4)) return martlet_raise(L, "RESP version must be 2 or 3.");
  lua->host.set_protocol(lua->context, (int)version);
  return 0;
}

static int redis_set_repl(lua_State *L) {
  martlet_lua *lua = martlet_interpreter(L);
  if (lua_gettop(L) != 1) return martlet_raise(L, "redis.set_repl() requires one argument.");
  lua_Number targets = lua_tonumber(L, 1);
  if (!(targets > -1 && targets < 4)) {
    return martlet_raise(L, "Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.");
  }
  lua->host.set_propagation(lua->context, (int)targets);
  return 0;
}

static int redis_replicate_commands(lua_State *L) {
  lua_pushboolean(L, 1);
  return 1;
}

/// There is no debugger to stop in.
static int redis_breakpoint(lua_State *L) {
  lua_pushboolean(L, 0);
  return 1;
}

static int redis_debug(lua_State *L) {
  (void)L;
  return 0;
}

static int redis_log(lua_State *L) {
  martlet_lua *lua = martlet_interpreter(L);
  int count = lua_gettop(L);
  if (count < 2) return martlet_raise(L, "redis.log() requires two arguments or more.");
  if (!lua_isnumber(L, 1)) return martlet_raise(L, "First argument must be a number (log level).");
  lua_Number level = lua_tonumber(L, 1);
  if (!(level > -1 && level < 4)) return martlet_raise(L, "Invalid debug level.");
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  for (int i = 2; i <= count; i++) {
    size_t length;
    const char *text = lua_tolstring(L, i, &length);
    if (text == NULL) continue;
    if (i != 2) luaL_addchar(&buffer, ' ');
    luaL_addlstring(&buffer, text, length);
  }
  luaL_pushresult(&buffer);
  size_t length;
  const char *text = lua_tolstring(L, -1, &length);
  lua->host.log(lua->context, (int)level, (martlet_slice){(const uint8_t *)text, (ptrdiff_t)length});
  return 0;
}

// MARK: Libraries

static const struct {
  const char *name;
  int flag;
} script_flags[] = {
    {"no-writes", MARTLET_NO_WRITES},
    {"allow-oom", MARTLET_ALLOW_OOM},
    {"allow-stale", MARTLET_ALLOW_STALE},
    {"no-cluster", MARTLET_NO_CLUSTER},
    {"allow-cross-slot-keys", MARTLET_ALLOW_CROSS_SLOT},
};

int martlet_script_flag(martlet_slice name, bool folds_case) {
  for (size_t i = 0; i < sizeof script_flags / sizeof *script_flags; i++) {
    if ((size_t)name.count != strlen(script_flags[i].name)) continue;
    const char *text = (const char *)name.base;
    int order = folds_case ? strncasecmp(text, script_flags[i].name, (size_t)name.count)
                           : strncmp(text, script_flags[i].name, (size_t)name.count);
    if (order == 0) return script_flags[i].flag;
  }
  return 0;
}

struct registration {
  martlet_slice name;
  martlet_slice description;
  /// Where the function lies on the stack; 0: nowhere yet.
  int callback;
  int flags;
};

static martlet_slice slice_at(lua_State *L, int index) {
  size_t length;
  const char *text = lua_tolstring(L, index, &length);
  return (martlet_slice){(const uint8_t *)text, (ptrdiff_t)length};
}

static const char *read_flags(lua_State *L, struct registration *registration) {
  for (int i = 1;; i++) {
    lua_rawgeti(L, -1, i);
    if (lua_isnil(L, -1)) break;
    int flag = lua_isstring(L, -1) ? martlet_script_flag(slice_at(L, -1), true) : 0;
    if (flag == 0) return "unknown flag given";
    registration->flags |= flag;
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return NULL;
}

/// Reads the named argument whose name and value are on top.
static const char *read_named(lua_State *L, struct registration *registration) {
  if (!lua_isstring(L, -2)) return "named argument key given to redis.register_function is not a string";
  // A number must stay one: its text would be another key to go on from.
  if (lua_type(L, -2) == LUA_TNUMBER) return "unknown argument given to redis.register_function";
  const char *key = lua_tostring(L, -2);
  if (strcasecmp(key, "function_name") == 0) {
    if (!lua_isstring(L, -1)) return "function_name argument given to redis.register_function must be a string";
    lua_pushvalue(L, -1);
    lua_replace(L, 2);
    registration->name = slice_at(L, 2);
  } else if (strcasecmp(key, "description") == 0) {
    if (!lua_isstring(L, -1)) return "description argument given to redis.register_function must be a string";
    lua_pushvalue(L, -1);
    lua_replace(L, 3);
    registration->description = slice_at(L, 3);
  } else if (strcasecmp(key, "callback") == 0) {
    if (!lua_isfunction(L, -1)) return "callback argument given to redis.register_function must be a function";
    lua_pushvalue(L, -1);
    lua_replace(L, 4);
    registration->callback = 4;
  } else if (strcasecmp(key, "flags") == 0) {
    if (!lua_istable(L, -1)) {
      return "flags argument to redis.register_function must be a table representing function flags";
    }
    return read_flags(L, registration);
  } else {
    return "unknown argument given to redis.register_function";
  }
  return NULL;
}

static const char *read_table(lua_State *L, struct registration *registration) {
  if (!lua_istable(L, 1)) {
    return "calling redis.register_function with a single argument is only applicable to Lua table (representing named "
           "arguments).";
  }
  // Places for name, description and function.
  lua_settop(L, 4);
  lua_pushnil(L);
  while (lua_next(L, 1) != 0) {
    const char *error = read_named(L, registration);
    if (error != NULL) return error;
    lua_pop(L, 1);
  }
  if (registration->name.base == NULL) return "redis.register_function must get a function name argument";
  if (registration->callback == 0) return "redis.register_function must get a callback argument";
  return NULL;
}

static const char *read_positional(lua_State *L, struct registration *registration) {
  if (!lua_isstring(L, 1)) return "first argument to redis.register_function must be a string";
  if (!lua_isfunction(L, 2)) return "second argument to redis.register_function must be a function";
  registration->name = slice_at(L, 1);
  registration->callback = 2;
  return NULL;
}

static int redis_register_function(lua_State *L) {
  martlet_lua *lua = martlet_interpreter(L);
  if (!lua->is_loading) {
    return martlet_raise(L, "redis.register_function can only be called on FUNCTION LOAD command");
  }
  int count = lua_gettop(L);
  if (count < 1 || count > 2) return martlet_raise(L, "wrong number of arguments to redis.register_function");
  struct registration registration = {{NULL, 0}, {NULL, 0}, 0, 0};
  const char *error = count == 1 ? read_table(L, &registration) : read_positional(L, &registration);
  if (error != NULL) return martlet_raise(L, error);
  lua_pushvalue(L, registration.callback);
  int reference = luaL_ref(L, LUA_REGISTRYINDEX);
  martlet_slice refusal = lua->host.register_function(lua->context, registration.name, registration.description,
                                                      registration.flags, reference);
  if (refusal.count == 0) return 0;
  luaL_unref(L, LUA_REGISTRYINDEX, reference);
  martlet_push_error(L, (const char *)refusal.base, (size_t)refusal.count);
  return lua_error(L);
}

// MARK: math.random

// The same numbers as Redis's for the same seed, on every machine: a linear congruence of 48 bits.
static uint64_t random_state = 0x1234abcd330e;

static int32_t next_random(void) {
  random_state = (random_state * 0x5deece66d + 0xb) & 0xffffffffffff;
  return (int32_t)(random_state >> 17);
}

static int math_random(lua_State *L) {
  lua_Number r = (lua_Number)(next_random() % INT32_MAX) / (lua_Number)INT32_MAX;
  switch (lua_gettop(L)) {
  case 0: lua_pushnumber(L, r); break;
  case 1: {
    int upper = luaL_checkint(L, 1);
    luaL_argcheck(L, 1 <= upper, 1, "interval is empty");
    lua_pushnumber(L, (lua_Number)(int64_t)(r * upper) + 1);
    break;
  }
  case 2: {
    int lower = luaL_checkint(L, 1);
    int upper = luaL_checkint(L, 2);
    luaL_argcheck(L, lower <= upper, 2, "interval is empty");
    lua_Number width = (lua_Number)upper - (lua_Number)lower + 1;
    lua_pushnumber(L, (lua_Number)(int64_t)(r * width) + lower);
    break;
  }
  default: return luaL_error(L, "wrong number of arguments");
  }
  return 1;
}

static int math_randomseed(lua_State *L) {
  int seed = luaL_checkint(L, 1);
  random_state = ((uint64_t)(uint32_t)seed << 16) + 0x330e;
  return 0;
}

// MARK: Tables

static void set_functions(lua_State *L, const luaL_Reg *functions) {
  for (; functions->name != NULL; functions++) {
    lua_pushcfunction(L, functions->func);
    lua_setfield(L, -2, functions->name);
  }
}

static void set_number(lua_State *L, const char *name, lua_Number value) {
  lua_pushnumber(L, value);
  lua_setfield(L, -2, name);
}

static void set_common(lua_State *L, const char *version, int version_number) {
  lua_pushcfunction(L, redis_log);
  lua_setfield(L, -2, "log");
  set_number(L, "LOG_DEBUG", 0);
  set_number(L, "LOG_VERBOSE", 1);
  set_number(L, "LOG_NOTICE", 2);
  set_number(L, "LOG_WARNING", 3);
  set_number(L, "REDIS_VERSION_NUM", version_number);
  lua_pushstring(L, version);
  lua_setfield(L, -2, "REDIS_VERSION");
}

void martlet_open_redis(lua_State *L, martlet_lua *lua, const char *version, int version_number) {
  static const luaL_Reg functions[] = {
      {"call", redis_call},
      {"pcall", redis_pcall},
      {"setresp", redis_setresp},
      {"sha1hex", redis_sha1hex},
      {"error_reply", redis_error_reply},
      {"status_reply", redis_status_reply},
      {"set_repl", redis_set_repl},
      {"acl_check_cmd", redis_acl_check_cmd},
      {NULL, NULL},
  };
  static const luaL_Reg eval_functions[] = {
      {"breakpoint", redis_breakpoint},
      {"debug", redis_debug},
      {"replicate_commands", redis_replicate_commands},
      {NULL, NULL},
  };
  set_functions(L, functions);
  if (!lua->is_library) set_functions(L, eval_functions);
  set_common(L, version, version_number);
  set_number(L, "REPL_NONE", 0);
  set_number(L, "REPL_AOF", 1);
  set_number(L, "REPL_SLAVE", 2);
  set_number(L, "REPL_REPLICA", 2);
  set_number(L, "REPL_ALL", 3);
  lua_getfield(L, LUA_GLOBALSINDEX, LUA_MATHLIBNAME);
  lua_pushcfunction(L, math_random);
  lua_setfield(L, -2, "random");
  lua_pushcfunction(L, math_randomseed);
  lua_setfield(L, -2, "randomseed");
  lua_pop(L, 1);
}

void martlet_open_library_redis(lua_State *L, const char *version, int version_number) {
  lua_pushcfunction(L, redis_register_function);
  lua_setfield(L, -2, "register_function");
  set_common(L, version, version_number);
}
