// Replies, from RESP to Lua's values and from these to parts of a reply.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

// MARK: From RESP

struct reader {
  const char *at;
  const char *end;
};

/// The text up to the end of the line. Our own replies are well formed; a bug there is to be an error, not a wild read.
static martlet_slice read_line(lua_State *L, struct reader *reader) {
  const char *end = memchr(reader->at, '\r', (size_t)(reader->end - reader->at));
  if (end == NULL || reader->end - end < 2) luaL_error(L, "malformed reply");
  martlet_slice line = {(const uint8_t *)reader->at, end - reader->at};
  reader->at = end + 2;
  return line;
}

static long long read_integer(lua_State *L, struct reader *reader) {
  const char *at = reader->at;
  const char *end = reader->end;
  bool is_negative = at < end && *at == '-';
  if (is_negative) at++;
  unsigned long long value = 0;
  while (at < end && *at >= '0' && *at <= '9') value = value * 10 + (unsigned long long)(*at++ - '0');
  if (end - at < 2 || *at != '\r') luaL_error(L, "malformed reply");
  reader->at = at + 2;
  return (long long)(is_negative ? 0 - value : value);
}

static martlet_slice read_bytes(lua_State *L, struct reader *reader, long long count) {
  if (count < 0 || reader->end - reader->at - 2 < count) luaL_error(L, "malformed reply");
  martlet_slice bytes = {(const uint8_t *)reader->at, (ptrdiff_t)count};
  reader->at += count + 2;
  return bytes;
}

static void push_slice(lua_State *L, martlet_slice bytes) {
  lua_pushlstring(L, (const char *)bytes.base, (size_t)bytes.count);
}

static void push_field(lua_State *L, const char *name, martlet_slice bytes) {
  lua_createtable(L, 0, 1);
  push_slice(L, bytes);
  lua_setfield(L, -2, name);
}

static void push_value(lua_State *L, struct reader *reader);

static void push_elements(lua_State *L, struct reader *reader) {
  long long count = read_integer(L, reader);
  if (count < 0) {
    lua_pushboolean(L, 0);
    return;
  }
  lua_createtable(L, count < reader->end - reader->at ? (int)count : 0, 0);
  for (long long i = 1; i <= count; i++) {
    push_value(L, reader);
    lua_rawseti(L, -2, (int)i);
  }
}

static void push_map(lua_State *L, struct reader *reader) {
  long long count = read_integer(L, reader);
  lua_createtable(L, 0, 1);
  lua_newtable(L);
  for (long long i = 0; i < count; i++) {
    push_value(L, reader);
    push_value(L, reader);
    lua_rawset(L, -3);
  }
  lua_setfield(L, -2, "map");
}

static void push_set(lua_State *L, struct reader *reader) {
  long long count = read_integer(L, reader);
  lua_createtable(L, 0, 1);
  lua_newtable(L);
  for (long long i = 0; i < count; i++) {
    push_value(L, reader);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
  }
  lua_setfield(L, -2, "set");
}

static void push_verbatim(lua_State *L, struct reader *reader) {
  martlet_slice bytes = read_bytes(L, reader, read_integer(L, reader));
  if (bytes.count < 4) luaL_error(L, "malformed reply");
  lua_createtable(L, 0, 1);
  lua_createtable(L, 0, 2);
  lua_pushlstring(L, (const char *)bytes.base + 4, (size_t)bytes.count - 4);
  lua_setfield(L, -2, "string");
  lua_pushlstring(L, (const char *)bytes.base, 3);
  lua_setfield(L, -2, "format");
  lua_setfield(L, -2, "verbatim_string");
}

static void push_double(lua_State *L, struct reader *reader) {
  char text[64];
  martlet_slice line = read_line(L, reader);
  size_t length = (size_t)line.count < sizeof text - 1 ? (size_t)line.count : sizeof text - 1;
  memcpy(text, line.base, length);
  text[length] = 0;
  lua_createtable(L, 0, 1);
  lua_pushnumber(L, strtod(text, NULL));
  lua_setfield(L, -2, "double");
}

static void push_error_reply(lua_State *L, struct reader *reader) {
  martlet_slice line = read_line(L, reader);
  // The minus before the text tells that it has a code.
  martlet_push_error(L, (const char *)line.base - 1, (size_t)line.count + 1);
  lua_pushboolean(L, 1);
  lua_setfield(L, -2, "ignore_error_stats_update");
}

/// An attribute says something about the reply that follows it; scripts do not see it.
static void skip_attribute(lua_State *L, struct reader *reader) {
  long long count = read_integer(L, reader) * 2;
  for (long long i = 0; i < count; i++) {
    push_value(L, reader);
    lua_pop(L, 1);
  }
  push_value(L, reader);
}

static void push_value(lua_State *L, struct reader *reader) {
  luaL_checkstack(L, 4, "too many nested replies");
  if (reader->at >= reader->end) luaL_error(L, "malformed reply");
  switch (*reader->at++) {
  case ':': lua_pushnumber(L, (lua_Number)read_integer(L, reader)); return;
  case '$': {
    long long count = read_integer(L, reader);
    if (count < 0) {
      lua_pushboolean(L, 0);
    } else {
      push_slice(L, read_bytes(L, reader, count));
    }
    return;
  }
  case '+': push_field(L, "ok", read_line(L, reader)); return;
  case '-': push_error_reply(L, reader); return;
  case '*':
  case '>': push_elements(L, reader); return;
  case '%': push_map(L, reader); return;
  case '~': push_set(L, reader); return;
  case '_':
    read_line(L, reader);
    lua_pushnil(L);
    return;
  case '#': lua_pushboolean(L, *read_line(L, reader).base == 't'); return;
  case ',': push_double(L, reader); return;
  case '(': push_field(L, "big_number", read_line(L, reader)); return;
  case '=': push_verbatim(L, reader); return;
  case '|': skip_attribute(L, reader); return;
  default: luaL_error(L, "malformed reply");
  }
}

void martlet_push_reply(lua_State *L, martlet_slice reply) {
  struct reader reader = {(const char *)reply.base, (const char *)reply.base + reply.count};
  push_value(L, &reader);
}

// MARK: To a reply

static void send(martlet_lua *lua, lua_State *L, int kind, martlet_slice bytes, int64_t number, double value) {
  // A table can hold itself more than once.
  if (!lua->host.reply(lua->context, kind, bytes, number, value)) luaL_error(L, "the reply is too large");
}

static const martlet_slice nothing = {(const uint8_t *)"", 0};

static martlet_slice text_at(lua_State *L, int index) {
  size_t length;
  const char *text = lua_tolstring(L, index, &length);
  return (martlet_slice){(const uint8_t *)text, (ptrdiff_t)length};
}

/// Pushes a field of the table on top, whatever its metatable says.
static int raw_field(lua_State *L, const char *name) {
  lua_pushstring(L, name);
  lua_rawget(L, -2);
  return lua_type(L, -1);
}

static int64_t count_pairs(lua_State *L) {
  int64_t count = 0;
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) {
    lua_pop(L, 1);
    count++;
  }
  return count;
}

static void send_map(lua_State *L, martlet_lua *lua) {
  send(lua, L, MARTLET_MAP, nothing, count_pairs(L), 0);
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) {
    lua_pushvalue(L, -2);
    martlet_send_reply(L, lua);
    martlet_send_reply(L, lua);
  }
}

static void send_set(lua_State *L, martlet_lua *lua) {
  send(lua, L, MARTLET_SET, nothing, count_pairs(L), 0);
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) {
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    martlet_send_reply(L, lua);
  }
}

static bool send_verbatim(lua_State *L, martlet_lua *lua) {
  bool isComplete = raw_field(L, "format") == LUA_TSTRING && lua_objlen(L, -1) > 0;
  if (isComplete) {
    lua_insert(L, -2);
    isComplete = raw_field(L, "string") == LUA_TSTRING;
    if (isComplete) {
      // The format has three letters, as RESP3 wants it.
      char format[5] = "   :";
      martlet_slice given = text_at(L, -3);
      memcpy(format, given.base, given.count < 3 ? (size_t)given.count : 3);
      lua_pushlstring(L, format, 4);
      lua_insert(L, -2);
      lua_concat(L, 2);
      send(lua, L, MARTLET_VERBATIM, text_at(L, -1), 0, 0);
    }
    lua_pop(L, 1);
    lua_insert(L, -2);
  }
  lua_pop(L, 1);
  return isComplete;
}

static void send_array(lua_State *L, martlet_lua *lua) {
  int count = 0;
  for (;; count++) {
    lua_rawgeti(L, -1, count + 1);
    bool is_end = lua_isnil(L, -1);
    lua_pop(L, 1);
    if (is_end) break;
  }
  send(lua, L, MARTLET_ARRAY, nothing, count, 0);
  for (int i = 1; i <= count; i++) {
    lua_rawgeti(L, -1, i);
    martlet_send_reply(L, lua);
  }
}

/// Sends a table by the field that says what it stands for. Pushes and leaves one value if it returns true.
static bool send_marked(lua_State *L, martlet_lua *lua) {
  if (raw_field(L, "err") == LUA_TSTRING) {
    lua_pushvalue(L, -2);
    raw_field(L, "ignore_error_stats_update");
    bool was_counted = lua_toboolean(L, -1);
    lua_pop(L, 2);
    send(lua, L, MARTLET_ERROR, text_at(L, -1), was_counted, 0);
    return true;
  }
  lua_pop(L, 1);
  if (raw_field(L, "ok") == LUA_TSTRING) {
    send(lua, L, MARTLET_STATUS, text_at(L, -1), 0, 0);
    return true;
  }
  lua_pop(L, 1);
  if (raw_field(L, "double") == LUA_TNUMBER) {
    send(lua, L, MARTLET_DOUBLE, nothing, 0, lua_tonumber(L, -1));
    return true;
  }
  lua_pop(L, 1);
  if (raw_field(L, "big_number") == LUA_TSTRING) {
    send(lua, L, MARTLET_BIG_NUMBER, text_at(L, -1), 0, 0);
    return true;
  }
  lua_pop(L, 1);
  if (raw_field(L, "verbatim_string") == LUA_TTABLE && send_verbatim(L, lua)) return true;
  lua_pop(L, 1);
  if (raw_field(L, "map") == LUA_TTABLE) {
    send_map(L, lua);
    return true;
  }
  lua_pop(L, 1);
  if (raw_field(L, "set") == LUA_TTABLE) {
    send_set(L, lua);
    return true;
  }
  lua_pop(L, 1);
  return false;
}

/// As Redis turns a number into an integer: what it cannot hold is the smallest.
static int64_t truncated(lua_Number number) {
  if (number > -9223372036854775808.0 && number < 9223372036854775808.0) return (int64_t)number;
  return INT64_MIN;
}

void martlet_send_reply(lua_State *L, martlet_lua *lua) {
  int type = lua_type(L, -1);
  // Also the depth that a table may have, which can hold itself.
  if (!lua_checkstack(L, 8)) {
    static const char text[] = "ERR reached lua stack limit";
    send(lua, L, MARTLET_ERROR, (martlet_slice){(const uint8_t *)text, sizeof text - 1}, 0, 0);
    lua_pop(L, 1);
    return;
  }
  switch (type) {
  case LUA_TSTRING: send(lua, L, MARTLET_BULK, text_at(L, -1), 0, 0); break;
  case LUA_TBOOLEAN: send(lua, L, MARTLET_BOOLEAN, nothing, lua_toboolean(L, -1), 0); break;
  case LUA_TNUMBER: send(lua, L, MARTLET_INTEGER, nothing, truncated(lua_tonumber(L, -1)), 0); break;
  case LUA_TTABLE:
    if (send_marked(L, lua)) {
      lua_pop(L, 1);
    } else {
      send_array(L, lua);
    }
    break;
  default: send(lua, L, MARTLET_NIL, nothing, 0, 0);
  }
  lua_pop(L, 1);
}
