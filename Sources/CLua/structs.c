// `struct`: packs values into strings and takes them out again, by a format. As the library of this name by Roberto
// Ierusalimschy, whose formats scripts use: `>` `<` `=` byte order, `!n` alignment, `x` a pad byte, `bB` `hH` `lL` `T`
// `iIn` integers, `cn` characters, `s` text up to a zero, `f` `d` floating point, blanks for the eye.
#include "internal.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

enum { maximum_integer = 32 };

struct format {
  const char *at;
  bool is_little;
  size_t alignment;
};

static bool is_host_little(void) {
  const uint16_t one = 1;
  return *(const uint8_t *)&one == 1;
}

static struct format begin(const char *text) { return (struct format){text, is_host_little(), 1}; }

static size_t read_number(lua_State *L, struct format *format, size_t otherwise) {
  if (!isdigit((unsigned char)*format->at)) return otherwise;
  int number = 0;
  while (isdigit((unsigned char)*format->at)) {
    int digit = *format->at++ - '0';
    if (number > (INT_MAX - digit) / 10) luaL_error(L, "integral size overflow");
    number = number * 10 + digit;
  }
  return (size_t)number;
}

static size_t size_of(lua_State *L, struct format *format, char option) {
  switch (option) {
  case 'b': case 'B': case 'x': return 1;
  case 'h': case 'H': return sizeof(short);
  case 'l': case 'L': return sizeof(long);
  case 'T': return sizeof(size_t);
  case 'f': return sizeof(float);
  case 'd': return sizeof(double);
  case 'c': return read_number(L, format, 1);
  case 'i': case 'I': {
    size_t size = read_number(L, format, sizeof(int));
    if (size > maximum_integer) {
      luaL_error(L, "integral size %d is larger than limit of %d", (int)size, maximum_integer);
    }
    return size;
  }
  default: return 0;
  }
}

static size_t padding(const struct format *format, size_t position, char option, size_t size) {
  if (size == 0 || option == 'c') return 0;
  if (size > format->alignment) size = format->alignment;
  return (size - (position & (size - 1))) & (size - 1);
}

/// Options that only say how to go on. An error if it is none.
static void control(lua_State *L, struct format *format, char option) {
  switch (option) {
  case ' ': return;
  case '>': format->is_little = false; return;
  case '<': format->is_little = true; return;
  case '=': format->is_little = is_host_little(); return;
  case '!': {
    size_t alignment = read_number(L, format, 8);
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) luaL_error(L, "alignment %d is not a power of 2", (int)alignment);
    format->alignment = alignment;
    return;
  }
  default: luaL_argerror(L, 1, lua_pushfstring(L, "invalid format option '%c'", option));
  }
}

static void reverse(uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count / 2; i++) {
    uint8_t byte = bytes[i];
    bytes[i] = bytes[count - 1 - i];
    bytes[count - 1 - i] = byte;
  }
}

// MARK: Packing

static uint64_t integer_of(lua_Number number) {
  if (number >= 0) return number < 18446744073709551616.0 ? (uint64_t)number : UINT64_MAX;
  return number >= -9223372036854775808.0 ? (uint64_t)(int64_t)number : (uint64_t)INT64_MIN;
}

static void add_integer(lua_State *L, luaL_Buffer *buffer, const struct format *format, int argument, size_t size) {
  lua_Number number = luaL_checknumber(L, argument);
  uint64_t value = integer_of(number);
  uint8_t bytes[maximum_integer];
  for (size_t i = 0; i < size; i++) {
    bytes[i] = i < 8 ? (uint8_t)(value >> (8 * i)) : 0;
  }
  if (!format->is_little) reverse(bytes, size);
  luaL_addlstring(buffer, (const char *)bytes, size);
}

static void add_floating(lua_State *L, luaL_Buffer *buffer, const struct format *format, int argument, char option) {
  double number = luaL_checknumber(L, argument);
  float narrow = (float)number;
  uint8_t bytes[sizeof(double)];
  size_t size = option == 'f' ? sizeof narrow : sizeof number;
  memcpy(bytes, option == 'f' ? (const void *)&narrow : (const void *)&number, size);
  if (format->is_little != is_host_little()) reverse(bytes, size);
  luaL_addlstring(buffer, (const char *)bytes, size);
}

/// Strings that are being put together lie on the stack, so the arguments are looked at where they were.
static size_t add_text(lua_State *L, luaL_Buffer *buffer, int argument, char option, size_t size) {
  size_t length;
  const char *text = luaL_checklstring(L, argument, &length);
  if (option == 's') size = length;
  if (size == 0) size = length;
  luaL_argcheck(L, length >= size, argument, "string too short");
  luaL_addlstring(buffer, text, size);
  if (option == 's') {
    luaL_addchar(buffer, '\0');
    size++;
  }
  return size;
}

static int pack(lua_State *L) {
  struct format format = begin(luaL_checkstring(L, 1));
  luaL_Buffer buffer;
  size_t position = 0;
  int argument = 2;
  lua_pushnil(L);
  luaL_buffinit(L, &buffer);
  while (*format.at != '\0') {
    char option = *format.at++;
    size_t size = size_of(L, &format, option);
    size_t pad = padding(&format, position, option, size);
    for (size_t i = 0; i < pad; i++) luaL_addchar(&buffer, '\0');
    position += pad;
    switch (option) {
    case 'b': case 'B': case 'h': case 'H': case 'l': case 'L': case 'T': case 'i': case 'I':
      add_integer(L, &buffer, &format, argument++, size);
      break;
    case 'x': luaL_addchar(&buffer, '\0'); break;
    case 'f': case 'd': add_floating(L, &buffer, &format, argument++, option); break;
    case 'c': case 's': size = add_text(L, &buffer, argument++, option, size); break;
    default: control(L, &format, option);
    }
    position += size;
  }
  luaL_pushresult(&buffer);
  return 1;
}

// MARK: Unpacking

static lua_Number integer_in(const struct format *format, const char *data, size_t size, bool is_signed) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; i++) {
    size_t place = format->is_little ? size - 1 - i : i;
    value = value << 8 | (uint8_t)data[place];
  }
  if (!is_signed) return (lua_Number)value;
  if (size < 8 && size > 0) {
    uint64_t sign = (uint64_t)1 << (size * 8 - 1);
    value = (value ^ sign) - sign;
  }
  return (lua_Number)(int64_t)value;
}

static lua_Number floating_in(const struct format *format, const char *data, char option) {
  uint8_t bytes[sizeof(double)];
  size_t size = option == 'f' ? sizeof(float) : sizeof(double);
  memcpy(bytes, data, size);
  if (format->is_little != is_host_little()) reverse(bytes, size);
  if (option == 'd') {
    double number;
    memcpy(&number, bytes, sizeof number);
    return number;
  }
  float number;
  memcpy(&number, bytes, sizeof number);
  return number;
}

static int unpack(lua_State *L) {
  struct format format = begin(luaL_checkstring(L, 1));
  size_t length;
  const char *data = luaL_checklstring(L, 2, &length);
  lua_Number start = luaL_optnumber(L, 3, 1);
  luaL_argcheck(L, start >= 1 && start <= 9007199254740992.0, 3, "offset must be 1 or greater");
  size_t position = (size_t)start - 1;
  int count = 0;
  while (*format.at != '\0') {
    char option = *format.at++;
    size_t size = size_of(L, &format, option);
    position += padding(&format, position, option, size);
    luaL_argcheck(L, size <= length && position <= length - size, 2, "data string too short");
    luaL_checkstack(L, 2, "too many results");
    switch (option) {
    case 'b': case 'B': case 'h': case 'H': case 'l': case 'L': case 'T': case 'i': case 'I':
      lua_pushnumber(L, integer_in(&format, data + position, size, islower((unsigned char)option) != 0));
      count++;
      break;
    case 'x': break;
    case 'f': case 'd':
      lua_pushnumber(L, floating_in(&format, data + position, option));
      count++;
      break;
    case 'c':
      if (size == 0) {
        if (count == 0 || !lua_isnumber(L, -1)) luaL_error(L, "format 'c0' needs a previous size");
        lua_Number given = lua_tonumber(L, -1);
        lua_pop(L, 1);
        count--;
        luaL_argcheck(L, given >= 0 && given <= (lua_Number)length && (size_t)given <= length - position, 2,
                      "data string too short");
        size = (size_t)given;
      }
      lua_pushlstring(L, data + position, size);
      count++;
      break;
    case 's': {
      const char *end = position < length ? memchr(data + position, '\0', length - position) : NULL;
      if (end == NULL) luaL_error(L, "unfinished string in data");
      size = (size_t)(end - (data + position)) + 1;
      lua_pushlstring(L, data + position, size - 1);
      count++;
      break;
    }
    default: control(L, &format, option);
    }
    position += size;
  }
  lua_pushinteger(L, (lua_Integer)position + 1);
  return count + 1;
}

static int size(lua_State *L) {
  struct format format = begin(luaL_checkstring(L, 1));
  size_t position = 0;
  while (*format.at != '\0') {
    char option = *format.at++;
    size_t size = size_of(L, &format, option);
    position += padding(&format, position, option, size);
    if (option == 's') luaL_argerror(L, 1, "option 's' has no fixed size");
    if (option == 'c' && size == 0) luaL_argerror(L, 1, "option 'c0' has no fixed size");
    if (!isalnum((unsigned char)option)) control(L, &format, option);
    position += size;
  }
  lua_pushinteger(L, (lua_Integer)position);
  return 1;
}

int martlet_open_struct(lua_State *L) {
  static const luaL_Reg functions[] = {{"pack", pack}, {"unpack", unpack}, {"size", size}, {NULL, NULL}};
  lua_newtable(L);
  for (const luaL_Reg *entry = functions; entry->name != NULL; entry++) {
    lua_pushcfunction(L, entry->func);
    lua_setfield(L, -2, entry->name);
  }
  return 1;
}
