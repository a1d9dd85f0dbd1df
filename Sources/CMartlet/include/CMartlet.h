// Thin shims over system interfaces that Swift cannot import by itself: function-like macros,
// GNU-only calls, and the allocator. No logic lives here.
#ifndef CMARTLET_H
#define CMARTLET_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

// --- Allocator -----------------------------------------------------------------------------------

/// A block of at least `size` bytes; never NULL (running out of memory ends the process, as in Redis).
void *martlet_allocate(size_t size);
/// As `martlet_allocate`, every byte zero.
void *martlet_allocate_zeroed(size_t size);
/// NULL instead of the end of the process when the memory cannot be had.
void *martlet_try_allocate(size_t size);
void *martlet_reallocate(void *block, size_t size);
void martlet_free(void *block);
/// Bytes that the allocator really set aside for `block`.
size_t martlet_usable_size(const void *block);
/// The size that a request of `size` bytes is rounded up to.
size_t martlet_good_size(size_t size);

/// Bytes allocated and not yet freed by all threads that called `martlet_thread_register`.
/// With jemalloc these are the allocator's own per-thread counters: reading them is free and so is
/// keeping them.
size_t martlet_used_memory(void);
/// Makes the calling thread's allocations count. At most 64 threads.
void martlet_thread_register(void);

/// jemalloc statistics; zero with the system allocator. `epoch` refreshes them first.
size_t martlet_mallctl_size(const char *name);
int martlet_mallctl_call(const char *name);
/// Reads a number into `old`, and sets it to `value` unless that is NULL. Returns an error number.
int martlet_mallctl_integer(const char *name, const int64_t *value, int64_t *old);
void martlet_stats_refresh(void);

/// What jemalloc's first arena, the main thread's, took from the system, in bytes and addresses.
struct martlet_mappings {
  size_t total;
  /// Since the last mapping.
  size_t given_back;
  /// The newest mapping beyond the threshold; what lies before `used` was handed out.
  size_t start, used, end;
};
/// Has the arena's mappings watched from now on. Those as large as `alignment` begin at a multiple of it, and get huge pages
/// once there are more than `threshold` bytes. The eventfd `wake` is signalled when there is such a mapping, and when another
/// `alignment` bytes are used or given back. At most one call. Returns an error number.
int martlet_observe_mappings(size_t alignment, size_t threshold, int wake);
struct martlet_mappings martlet_observed_mappings(void);
/// Has the system find memory for a range now, as if it were written to. Returns an error number: EINVAL before Linux 5.14.
int martlet_populate(void *address, size_t count);
/// Whether the process is exempt from huge pages. Returns an error number.
int martlet_disable_huge_pages(bool disabled);
const char *martlet_allocator_name(void);
/// jemalloc's report as text; the caller frees it with `free`.
char *martlet_malloc_stats(void);

// --- Processor -----------------------------------------------------------------------------------

static inline void martlet_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

/// A counter that rises at a constant rate and costs a few nanoseconds to read.
static inline uint64_t martlet_ticks(void) {
#if defined(__x86_64__)
  uint32_t lo, hi;
  __asm__ __volatile__("rdtsc" : "=a"(lo), "=d"(hi));
  return ((uint64_t)hi << 32) | lo;
#elif defined(__aarch64__)
  uint64_t v;
  __asm__ __volatile__("mrs %0, cntvct_el0" : "=r"(v));
  return v;
#else
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
#endif
}

/// A count of references that several threads hold: `martlet_count_down` says whether that was the last one.
static inline void martlet_count_up(void *count) { __atomic_fetch_add((uint32_t *)count, 1, __ATOMIC_RELAXED); }
static inline bool martlet_count_down(void *count) {
  // Whoever is the only one left need not lock the bus.
  if (__atomic_load_n((uint32_t *)count, __ATOMIC_ACQUIRE) == 1) return true;
  return __atomic_fetch_sub((uint32_t *)count, 1, __ATOMIC_ACQ_REL) == 1;
}

// --- Numbers -------------------------------------------------------------------------------------

/// `%.17g`, and C's long double with 17 decimals: what Redis prints INCRBYFLOAT results with.
int martlet_format_double17(char *buffer, size_t size, double value);
/// Reads all of `text` as a double; false if it is none, or nan.
bool martlet_parse_double(const void *text, size_t count, double *value);
/// Reads text up to a NUL as strtod does: blanks may precede, and nothing at all is 0. False if anything is left over,
/// the number is out of range, or is nan.
bool martlet_read_double(const void *text, size_t count, double *value);
/// Writes the sum (or difference) of two decimal numbers, computed as long double, the way Redis keeps
/// it: 17 decimals, no trailing zeros. `status`: 0, or 1 if an operand is no number, or 2 if the result is
/// not finite. Returns the number of characters.
size_t martlet_long_double_sum(const void *a, size_t a_count, const void *b, size_t b_count, bool subtract,
                               char *out, size_t capacity, int *status);
/// The bytes of a long double for Swift, which has none on every machine. Not aligned as one: Swift's closures would not
/// keep to it.
typedef struct {
  unsigned char bytes[16];
} martlet_long_double;
martlet_long_double martlet_long_double_from_integer(int64_t value);
/// Reads all of `text`; false if it is no number.
bool martlet_long_double_read(const void *text, size_t count, martlet_long_double *value);
/// Reads seconds, as long double, and gives milliseconds, rounded up; what is beyond int64_t is its end.
bool martlet_milliseconds_read(const void *text, size_t count, int64_t *milliseconds);
martlet_long_double martlet_long_double_add(martlet_long_double a, martlet_long_double b);
bool martlet_long_double_less(martlet_long_double a, martlet_long_double b);
/// The part before the point; false if it does not fit.
bool martlet_long_double_truncate(martlet_long_double a, int64_t *value);
/// Writes 17 significant digits at most, `inf`, `-inf` or `nan`, and returns the number of characters.
size_t martlet_long_double_write(martlet_long_double a, char *out, size_t capacity);
/// Chooses the locale whose order ``martlet_collation_key`` follows; empty: the environment's. False if there is none of
/// that name.
bool martlet_set_collation(const char *locale);
/// Whether texts are in order when their bytes are.
bool martlet_collates_bytes(void);
/// Writes bytes that compare as `text`, up to a NUL, does in the locale. Returns how many there are; if they are more
/// than `capacity`, nothing useful is written.
size_t martlet_collation_key(const void *text, size_t count, void *key, size_t capacity);
/// XXH3, 64 bits, seed 0: what the DIGEST command and SET's IFDEQ/IFDNE are defined on.
uint64_t martlet_xxh3(const void *bytes, size_t count);
/// Writes the 20 bytes of the SHA-1 of `bytes` to `hash`.
void martlet_sha1(const void *bytes, size_t count, void *hash);
/// Writes the 32 bytes of the SHA-256 of `bytes` to `hash`.
void martlet_sha256(const void *bytes, size_t count, void *hash);

/// Where `part` begins in `text`; NULL if it is not there. The time is linear.
const void *martlet_find(const void *text, size_t count, const void *part, size_t part_count);

// --- Compression ---------------------------------------------------------------------------------

/// LZF, as RDB files and lists use it. Both return the bytes written to `out`; 0: they do not fit, or `in` is corrupt.
unsigned martlet_lzf_compress(const void *in, unsigned in_count, void *out, unsigned out_count);
unsigned martlet_lzf_decompress(const void *in, unsigned in_count, void *out, unsigned out_count);

// --- System calls and macros ---------------------------------------------------------------------

static inline int martlet_errno(void) { return errno; }
/// `recv` and `send` without flags. In a process with more than one thread glibc's own prepare for the thread's
/// cancellation and back, at every call; nobody cancels threads here.
static inline ssize_t martlet_recv(int fd, void *to, size_t count) {
  return syscall(SYS_recvfrom, fd, to, count, 0, NULL, NULL);
}
static inline ssize_t martlet_send(int fd, const void *bytes, size_t count) {
  return syscall(SYS_sendto, fd, bytes, count, 0, NULL, 0);
}
/// Opens a file for writes that go around the kernel's cache (O_DIRECT) and return when they are on the disk. -1 with
/// EINVAL: the file system cannot do that.
int martlet_open_direct(const char *path);
/// `accept4` with SOCK_NONBLOCK and SOCK_CLOEXEC.
int martlet_accept(int fd, struct sockaddr *address, socklen_t *length);
static inline int martlet_fcntl_setfl_nonblock(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}
/// The hard limit is raised with it if need be, never lowered: nobody could raise it again.
static inline int martlet_setrlimit_nofile(uint64_t limit) {
  struct rlimit r;
  if (getrlimit(RLIMIT_NOFILE, &r)) return -1;
  r.rlim_cur = limit;
  if (r.rlim_max < limit) r.rlim_max = limit;
  return setrlimit(RLIMIT_NOFILE, &r);
}
static inline uint64_t martlet_getrlimit_nofile(void) {
  struct rlimit r;
  return getrlimit(RLIMIT_NOFILE, &r) ? 1024 : (uint64_t)r.rlim_cur;
}
static inline int martlet_getrusage(int children, struct rusage *usage) {
  return getrusage(children ? RUSAGE_CHILDREN : RUSAGE_SELF, usage);
}
int martlet_getrusage_thread(struct rusage *usage);
/// Writes one line to syslog.
static inline void martlet_syslog(int priority, const char *text) { syslog(priority, "%s", text); }

/// Installs `handler` for `signal`; with `once`, the default action comes back after the first.
int martlet_signal(int signal, void (*handler)(int), bool once);
void martlet_signal_ignore(int signal);
/// Whether a signal that means a mistake of the program's leaves a report in the log, with the stack, before it ends the
/// process as it would.
void martlet_crash_reports(bool enabled);
/// Where these reports go; empty: standard output.
void martlet_crash_log(const char *path);
/// Names a thread for tools that list threads; 15 characters at most.
/// What the system shows as the process's command line from now on, as far as there is room. It takes the place of the
/// arguments: whoever wants those must have read them.
void martlet_set_title(const char *text);
void martlet_thread_name(pthread_t thread, const char *name);

#endif
