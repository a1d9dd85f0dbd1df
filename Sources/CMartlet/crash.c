// The last words of a process: what killed it, and where. A signal handler may call next to nothing, least of all an
// allocator or a runtime, so it is C, with its text in buffers of its own.
#define _GNU_SOURCE
#include "CMartlet.h"

#include <execinfo.h>
#include <limits.h>
#include <stdarg.h>
#include <ucontext.h>

static char log_path[PATH_MAX];
static bool is_reporting;

void martlet_crash_log(const char *path) {
  strncpy(log_path, path, sizeof log_path - 1);
}

static void print(int fd, const char *format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  int count = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (count > (int)sizeof line - 1) count = sizeof line - 1;
  if (count > 0 && write(fd, line, (size_t)count) < 0) return;
}

static void *program_counter(void *context) {
#if defined(__x86_64__)
  return (void *)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
  return (void *)((ucontext_t *)context)->uc_mcontext.pc;
#else
  return NULL;
#endif
}

static void report(int number, siginfo_t *info, void *context) {
  // A crash in here ends it; so does one of another thread meanwhile.
  if (!__atomic_exchange_n(&is_reporting, true, __ATOMIC_SEQ_CST)) {
    int fd = log_path[0] ? open(log_path, O_APPEND | O_CREAT | O_WRONLY | O_CLOEXEC, 0644) : STDOUT_FILENO;
    print(fd, "\n\n=== MARTLET BUG REPORT START: Cut & paste starting from here ===\n");
    print(fd, "%d:M # Martlet crashed by signal: %d (%s), si_code: %d\n", (int)getpid(), number, strsignal(number),
          info->si_code);
    if (number == SIGSEGV || number == SIGBUS) print(fd, "Accessing address: %p\n", info->si_addr);
    if (info->si_code <= 0) print(fd, "Killed by PID: %ld, UID: %d\n", (long)info->si_pid, (int)info->si_uid);
    print(fd, "Crashed running the instruction at: %p\n\n------ STACK TRACE ------\n", program_counter(context));
    void *frames[100];
    backtrace_symbols_fd(frames, backtrace(frames, 100), fd);
    print(fd, "\n------ END OF REPORT ------\nNames of functions are made readable by `swift demangle`.\n"
              "=== MARTLET BUG REPORT END. Please report it with what the log says before. ===\n\n");
    if (fd != STDOUT_FILENO) close(fd);
  }
  // As if nobody had looked: the exit status names the signal, and there is a core file if the system wants one.
  signal(number, SIG_DFL);
  raise(number);
}

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};

void martlet_crash_reports(bool enabled) {
  // The first call loads a library, which a crash must not have to do.
  void *frame;
  backtrace(&frame, 1);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_NODEFER | SA_SIGINFO | SA_ONSTACK;
  action.sa_sigaction = report;
  if (!enabled) action.sa_handler = SIG_DFL, action.sa_flags = 0;
  for (size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; i++) sigaction(fatal_signals[i], &action, NULL);
  if (!enabled) return;
  // Of an overflow of the stack can only be told on another one.
  static char other_stack[64 << 10];
  stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof other_stack};
  sigaltstack(&stack, NULL);
}
