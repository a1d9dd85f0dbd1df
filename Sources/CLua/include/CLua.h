// A Lua 5.1 interpreter for scripts and functions.
//
// Lua reports errors with longjmp, which must never pass a Swift frame. So whatever may raise an error is in C here and
// runs protected; Swift is called back through plain functions that do not touch the interpreter, and answers with
// values.
#ifndef CLUA_H
#define CLUA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct martlet_lua martlet_lua;

/// Laid out as `Bytes`.
typedef struct {
  const uint8_t *base;
  ptrdiff_t count;
} martlet_slice;

/// What a part of a script's reply is.
enum martlet_reply_kind {
  MARTLET_NIL,
  /// `number` is 0 or 1.
  MARTLET_BOOLEAN,
  MARTLET_INTEGER,
  MARTLET_BULK,
  MARTLET_STATUS,
  /// `number` is 1 if the error was counted already when the command failed that the script ran.
  MARTLET_ERROR,
  /// `value` holds it.
  MARTLET_DOUBLE,
  MARTLET_BIG_NUMBER,
  /// The first three bytes are the format.
  MARTLET_VERBATIM,
  /// `number` elements follow; of a map, so many pairs.
  MARTLET_ARRAY,
  MARTLET_MAP,
  MARTLET_SET,
};

/// What redis.call came to.
typedef struct {
  /// A reply in RESP, or the text of an error with its code.
  martlet_slice bytes;
  /// The command was not run.
  bool was_refused;
} martlet_call_result;

/// What the interpreter asks of the server. `context` is what ``martlet_lua_open`` was given.
typedef struct {
  martlet_call_result (*call)(void *context, const martlet_slice *arguments, size_t count);
  /// Part of a reply that is handed over from front to back. False: there is too much of it already.
  bool (*reply)(void *context, int kind, martlet_slice bytes, int64_t number, double value);
  /// Writes a number as arguments have it, in at most 40 bytes, and returns how many.
  size_t (*format)(void *context, double value, uint8_t *text);
  /// Called now and then while a script runs. True: it must end.
  bool (*interrupted)(void *context);
  void (*log)(void *context, int level, martlet_slice text);
  /// 1: allowed, 0: not, -1: there is no such command.
  int (*may_run)(void *context, const martlet_slice *arguments, size_t count);
  /// 2 or 3.
  void (*set_protocol)(void *context, int version);
  /// 1: the append-only file, 2: replicas.
  void (*set_propagation)(void *context, int targets);
  /// A library that is being loaded offers a function. Returns the text of an error, or nothing. `description.base` is
  /// NULL without one. Refuses by leaving `reference` to the caller.
  martlet_slice (*register_function)(void *context, martlet_slice name, martlet_slice description, int flags,
                                     int reference);
} martlet_lua_host;

typedef struct {
  /// From ``martlet_lua_compile`` or `register_function`.
  int function;
  /// Keys and arguments are globals; else they are the function's arguments.
  bool is_eval;
  const martlet_slice *keys;
  ptrdiff_t key_count;
  const martlet_slice *arguments;
  ptrdiff_t argument_count;
  /// Shown in errors.
  martlet_slice name;
} martlet_lua_run;

/// Flags as `register_function` and shebang lines name them.
enum martlet_script_flags {
  MARTLET_NO_WRITES = 1,
  MARTLET_ALLOW_OOM = 2,
  MARTLET_ALLOW_STALE = 4,
  MARTLET_NO_CLUSTER = 8,
  MARTLET_ALLOW_CROSS_SLOT = 16,
};
/// The flag of this name, without regard to case if `folds_case`; 0 if there is none.
int martlet_script_flag(martlet_slice name, bool folds_case);

/// NULL if there is no memory for it.
///
/// - `memory_limit`: bytes that the interpreter may take; a script that wants more gets an error.
/// - `is_library`: for functions rather than for EVAL.
/// - `version`: as redis.REDIS_VERSION says it.
martlet_lua *martlet_lua_open(const martlet_lua_host *host, void *context, size_t memory_limit, bool is_library,
                              const char *version, int version_number);
void martlet_lua_close(martlet_lua *lua);

/// Bytes that the interpreter holds.
size_t martlet_lua_memory(const martlet_lua *lua);

/// Compiles a script. Returns a reference to the function, or -1 with the error in `error`, which is valid until the
/// next call.
int martlet_lua_compile(martlet_lua *lua, martlet_slice code, martlet_slice *error);
/// Runs the code of a library, which registers functions. False: with the error in `error`.
bool martlet_lua_load_library(martlet_lua *lua, martlet_slice code, martlet_slice *error);
void martlet_lua_release(martlet_lua *lua, int function);

/// Runs a function and hands its reply, or its error, to the host.
void martlet_lua_execute(martlet_lua *lua, const martlet_lua_run *run);

#endif
