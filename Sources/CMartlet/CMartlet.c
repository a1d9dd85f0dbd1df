// Defined here and not in the header: Swift must see the same glibc declarations through this module as through its own.
#define _GNU_SOURCE
#include "CMartlet.h"
#include <ctype.h>
#include <math.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#define XXH_INLINE_ALL
#include <xxhash.h>
#include <liblzf/lzf.h>

#ifndef MARTLET_SYSTEM_ALLOCATOR
#include <jemalloc/jemalloc.h>
#else
#include <malloc.h>
#endif

static void out_of_memory(size_t size) {
  fprintf(stderr, "Out of memory allocating %zu bytes\n", size);
  abort();
}

#ifndef MARTLET_SYSTEM_ALLOCATOR

void *martlet_allocate(size_t size) {
  void *p = malloc(size);
  if (__builtin_expect(p == NULL, 0)) out_of_memory(size);
  return p;
}
void *martlet_allocate_zeroed(size_t size) {
  void *p = calloc(1, size);
  if (__builtin_expect(p == NULL, 0)) out_of_memory(size);
  return p;
}
void *martlet_try_allocate(size_t size) { return malloc(size); }
void *martlet_reallocate(void *block, size_t size) {
  void *p = realloc(block, size);
  if (__builtin_expect(p == NULL, 0)) out_of_memory(size);
  return p;
}
void martlet_free(void *block) { free(block); }
size_t martlet_usable_size(const void *block) { return malloc_usable_size((void *)block); }
size_t martlet_good_size(size_t size) { return nallocx(size ? size : 1, 0); }

// jemalloc counts what each thread allocated and freed, and hands out the counters' addresses.
static struct { uint64_t *allocated, *deallocated; } counters[64];
static int counted_threads;

void martlet_thread_register(void) {
  int i = __atomic_fetch_add(&counted_threads, 1, __ATOMIC_SEQ_CST);
  if (i >= 64) abort();
  size_t n = sizeof(uint64_t *);
  uint64_t *allocated = NULL, *deallocated = NULL;
  mallctl("thread.allocatedp", &allocated, &n, NULL, 0);
  n = sizeof(uint64_t *);
  mallctl("thread.deallocatedp", &deallocated, &n, NULL, 0);
  __atomic_store_n(&counters[i].deallocated, deallocated, __ATOMIC_RELEASE);
  __atomic_store_n(&counters[i].allocated, allocated, __ATOMIC_RELEASE);
}
size_t martlet_used_memory(void) {
  int n = __atomic_load_n(&counted_threads, __ATOMIC_RELAXED);
  int64_t used = 0;
  for (int i = 0; i < n; i++) {
    uint64_t *a = __atomic_load_n(&counters[i].allocated, __ATOMIC_ACQUIRE);
    if (!a) continue;
    used += (int64_t)__atomic_load_n(a, __ATOMIC_RELAXED);
    used -= (int64_t)__atomic_load_n(counters[i].deallocated, __ATOMIC_RELAXED);
  }
  return used > 0 ? (size_t)used : 0;
}
void martlet_stats_refresh(void) {
  uint64_t epoch = 1;
  size_t n = sizeof(epoch);
  mallctl("epoch", &epoch, &n, &epoch, n);
}
size_t martlet_mallctl_size(const char *name) {
  size_t value = 0, n = sizeof(value);
  return mallctl(name, &value, &n, NULL, 0) ? 0 : value;
}
int martlet_mallctl_call(const char *name) { return mallctl(name, NULL, NULL, NULL, 0); }
int martlet_mallctl_integer(const char *name, const int64_t *value, int64_t *old) {
  // Settings have 8, 4 or 1 byte; a wrong size is EINVAL.
  static const size_t sizes[] = {8, 4, 1};
  int result = EINVAL;
  for (int i = 0; i < 3 && result == EINVAL; i++) {
    size_t size = sizes[i];
    *old = 0;
    result = mallctl(name, old, &size, (void *)value, value ? sizes[i] : 0);
    if (result == EPERM && value) result = mallctl(name, NULL, NULL, (void *)value, sizes[i]);
  }
  return result;
}

// Counted here, in C: jemalloc may be called by Swift's runtime while it holds locks that Swift code wants.
static struct {
  extent_hooks_t hooks, *replaced;
  pthread_mutex_t lock;
  size_t alignment, threshold;
  int wake;
  struct martlet_mappings mappings;
} observed = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void tell_observer(void) {
  uint64_t one = 1;
  while (write(observed.wake, &one, sizeof(one)) < 0 && errno == EINTR) {}
}
static bool is_elsewhere(size_t before, size_t after) { return before / observed.alignment != after / observed.alignment; }
static void *observed_map(
    extent_hooks_t *hooks, void *wanted, size_t size, size_t alignment, bool *zero, bool *commit, unsigned arena) {
  if (size >= observed.alignment && alignment < observed.alignment) alignment = observed.alignment;
  void *p = observed.replaced->alloc(observed.replaced, wanted, size, alignment, zero, commit, arena);
  if (!p) return p;
  pthread_mutex_lock(&observed.lock);
  struct martlet_mappings *m = &observed.mappings;
  m->total += size;
  m->given_back = 0;
  bool is_large = m->total > observed.threshold && size >= observed.alignment;
  if (is_large) {
    m->start = m->used = (size_t)p;
    m->end = m->start + size;
  }
  pthread_mutex_unlock(&observed.lock);
  if (is_large) {
    madvise(p, size, MADV_HUGEPAGE);
    tell_observer();
  }
  return p;
}
static bool observed_split(
    extent_hooks_t *hooks, void *p, size_t size, size_t first, size_t rest, bool committed, unsigned arena) {
  if (observed.replaced->split(observed.replaced, p, size, first, rest, committed, arena)) return true;
  size_t used = (size_t)p + first;
  pthread_mutex_lock(&observed.lock);
  struct martlet_mappings *m = &observed.mappings;
  // A mapping is used up from its beginning; other ranges than what is left of it say nothing.
  bool is_more = used + rest == m->end && used > m->used;
  bool is_next = is_more && is_elsewhere(m->used, used);
  if (is_more) m->used = used;
  pthread_mutex_unlock(&observed.lock);
  if (is_next) tell_observer();
  return false;
}
static bool observed_purge(extent_hooks_t *hooks, void *p, size_t size, size_t offset, size_t length, unsigned arena) {
  if (observed.replaced->purge_forced(observed.replaced, p, size, offset, length, arena)) return true;
  pthread_mutex_lock(&observed.lock);
  struct martlet_mappings *m = &observed.mappings;
  bool is_much = m->total > observed.threshold && is_elsewhere(m->given_back, m->given_back + length);
  m->given_back += length;
  pthread_mutex_unlock(&observed.lock);
  if (is_much) tell_observer();
  return false;
}
int martlet_observe_mappings(size_t alignment, size_t threshold, int wake) {
  extent_hooks_t *hooks = &observed.hooks;
  size_t n = sizeof(hooks);
  int error = mallctl("arena.0.extent_hooks", &observed.replaced, &n, NULL, 0);
  if (error) return error;
  observed.hooks = *observed.replaced;
  observed.hooks.alloc = observed_map;
  observed.hooks.split = observed_split;
  observed.hooks.purge_forced = observed_purge;
  observed.alignment = alignment;
  observed.threshold = threshold;
  observed.wake = wake;
  return mallctl("arena.0.extent_hooks", NULL, NULL, &hooks, sizeof(hooks));
}
struct martlet_mappings martlet_observed_mappings(void) {
  pthread_mutex_lock(&observed.lock);
  struct martlet_mappings mappings = observed.mappings;
  pthread_mutex_unlock(&observed.lock);
  return mappings;
}

struct report { char *text; size_t count; };
static void append_report(void *context, const char *part) {
  struct report *r = context;
  size_t n = strlen(part);
  r->text = realloc(r->text, r->count + n + 1);
  memcpy(r->text + r->count, part, n + 1);
  r->count += n;
}
char *martlet_malloc_stats(void) {
  struct report r = {calloc(1, 1), 0};
  malloc_stats_print(append_report, &r, NULL);
  return r.text;
}
#define QUOTE_(x) #x
#define QUOTE(x) QUOTE_(x)
const char *martlet_allocator_name(void) {
  return "jemalloc-" QUOTE(JEMALLOC_VERSION_MAJOR) "." QUOTE(JEMALLOC_VERSION_MINOR) "." QUOTE(JEMALLOC_VERSION_BUGFIX);
}

#else

static size_t used_memory;
static void *count_in(void *p, size_t size) {
  if (p == NULL) out_of_memory(size);
  __atomic_fetch_add(&used_memory, malloc_usable_size(p), __ATOMIC_RELAXED);
  return p;
}
void *martlet_allocate(size_t size) { return count_in(malloc(size ? size : 1), size); }
void *martlet_allocate_zeroed(size_t size) { return count_in(calloc(1, size ? size : 1), size); }
void *martlet_try_allocate(size_t size) {
  void *p = malloc(size);
  if (p) count_in(p, size);
  return p;
}
void *martlet_reallocate(void *block, size_t size) {
  size_t before = block ? malloc_usable_size(block) : 0;
  void *p = realloc(block, size ? size : 1);
  if (p == NULL) out_of_memory(size);
  __atomic_fetch_sub(&used_memory, before, __ATOMIC_RELAXED);
  return count_in(p, size);
}
void martlet_free(void *block) {
  if (block == NULL) return;
  __atomic_fetch_sub(&used_memory, malloc_usable_size(block), __ATOMIC_RELAXED);
  free(block);
}
size_t martlet_usable_size(const void *block) { return malloc_usable_size((void *)block); }
size_t martlet_good_size(size_t size) { return (size + 15) & ~(size_t)15; }
void martlet_thread_register(void) {}
size_t martlet_used_memory(void) { return __atomic_load_n(&used_memory, __ATOMIC_RELAXED); }
void martlet_stats_refresh(void) {}
size_t martlet_mallctl_size(const char *name) { return 0; }
int martlet_mallctl_call(const char *name) { return ENOENT; }
int martlet_mallctl_integer(const char *name, const int64_t *value, int64_t *old) { return ENOENT; }
int martlet_observe_mappings(size_t alignment, size_t threshold, int wake) { return ENOENT; }
struct martlet_mappings martlet_observed_mappings(void) { return (struct martlet_mappings){0}; }
char *martlet_malloc_stats(void) { return strdup(""); }
const char *martlet_allocator_name(void) { return "libc"; }

#endif

int martlet_populate(void *address, size_t count) { return madvise(address, count, MADV_POPULATE_WRITE) ? errno : 0; }
int martlet_disable_huge_pages(bool disabled) { return prctl(PR_SET_THP_DISABLE, disabled, 0, 0, 0) ? errno : 0; }

int martlet_format_double17(char *buffer, size_t size, double value) { return snprintf(buffer, size, "%.17g", value); }
void martlet_sha1(const void *bytes, size_t count, void *hash) { SHA1(bytes, count, hash); }
void martlet_sha256(const void *bytes, size_t count, void *hash) { SHA256(bytes, count, hash); }
uint64_t martlet_xxh3(const void *bytes, size_t count) { return XXH3_64bits(bytes, count); }
unsigned martlet_lzf_compress(const void *in, unsigned in_count, void *out, unsigned out_count) {
  return lzf_compress(in, in_count, out, out_count);
}
unsigned martlet_lzf_decompress(const void *in, unsigned in_count, void *out, unsigned out_count) {
  return lzf_decompress(in, in_count, out, out_count);
}

int martlet_signal(int number, void (*handler)(int), bool once) {
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = handler;
  action.sa_flags = once ? (int)(SA_NODEFER | SA_RESETHAND) : 0;
  return sigaction(number, &action, NULL);
}
void martlet_signal_ignore(int number) { signal(number, SIG_IGN); }
// The arguments and, behind them, the environment are what the system shows as the command line: there the title goes.
static struct { char *start; size_t size; } title;
// Called by the C library before main, with main's arguments.
__attribute__((constructor)) static void find_title(int argc, char **argv, char **environment) {
  if (argc == 0) return;
  char *end = argv[0];
  for (int i = 0; i < argc && argv[i] == end; i++) end += strlen(end) + 1;
  for (char **e = environment; *e && *e == end; e++) end += strlen(end) + 1;
  title.start = argv[0];
  title.size = end - argv[0];
}
void martlet_set_title(const char *text) {
  static bool is_moved;
  if (title.start == NULL) return;
  for (char **e = environ; !is_moved && e && *e; e++) *e = strdup(*e);
  is_moved = true;
  size_t count = strnlen(text, title.size - 1);
  memset(title.start, 0, title.size);
  memcpy(title.start, text, count);
}
void martlet_thread_name(pthread_t thread, const char *name) { pthread_setname_np(thread, name); }

int martlet_open_direct(const char *path) { return open(path, O_WRONLY | O_DSYNC | O_DIRECT | O_CLOEXEC); }

int martlet_accept(int fd, struct sockaddr *address, socklen_t *length) {
  return accept4(fd, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int martlet_getrusage_thread(struct rusage *usage) { return getrusage(RUSAGE_THREAD, usage); }

bool martlet_parse_double(const void *text, size_t count, double *value) {
  char copy[512], *end;
  if (count == 0 || count >= sizeof copy || isspace(*(const unsigned char *)text)) return false;
  memcpy(copy, text, count);
  copy[count] = 0;
  errno = 0;
  double v = strtod(copy, &end);
  if (end != copy + count || isnan(v)) return false;
  if (errno == ERANGE && (v == HUGE_VAL || v == -HUGE_VAL || fpclassify(v) == FP_ZERO)) return false;
  *value = v;
  return true;
}

// A copy that ends with a NUL, in `room` if it fits.
static char *terminated(const void *text, size_t count, char *room, size_t capacity) {
  char *copy = count < capacity ? room : martlet_allocate(count + 1);
  memcpy(copy, text, count);
  copy[count] = 0;
  return copy;
}

bool martlet_read_double(const void *text, size_t count, double *value) {
  char room[512], *end;
  char *copy = terminated(text, count, room, sizeof room);
  errno = 0;
  *value = strtod(copy, &end);
  bool is_good = *end == 0 && errno != ERANGE && !isnan(*value);
  if (copy != room) martlet_free(copy);
  return is_good;
}

bool martlet_set_collation(const char *locale) { return setlocale(LC_COLLATE, locale) != NULL; }

bool martlet_collates_bytes(void) {
  const char *name = setlocale(LC_COLLATE, NULL);
  return !name || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0;
}

size_t martlet_collation_key(const void *text, size_t count, void *key, size_t capacity) {
  char room[512];
  char *copy = terminated(text, count, room, sizeof room);
  size_t length = strxfrm(key, copy, capacity);
  if (copy != room) martlet_free(copy);
  return length;
}

static bool parse_long_double(const void *text, size_t count, long double *value) {
  char copy[5120], *end;
  if (count == 0 || count >= sizeof copy || isspace(*(const unsigned char *)text)) return false;
  memcpy(copy, text, count);
  copy[count] = 0;
  errno = 0;
  long double v = strtold(copy, &end);
  if (end != copy + count || isnan(v)) return false;
  if (errno == ERANGE && (v == HUGE_VALL || v == -HUGE_VALL || fpclassify(v) == FP_ZERO)) return false;
  *value = v;
  return true;
}

size_t martlet_long_double_sum(const void *a, size_t a_count, const void *b, size_t b_count, bool subtract,
                               char *out, size_t capacity, int *status) {
  long double x, y;
  if (!parse_long_double(a, a_count, &x) || !parse_long_double(b, b_count, &y)) {
    *status = 1;
    return 0;
  }
  long double sum = subtract ? x - y : x + y;
  if (isnan(sum) || isinf(sum)) {
    *status = 2;
    return 0;
  }
  *status = 0;
  int written = snprintf(out, capacity, "%.17Lf", sum);
  if (written < 0 || (size_t)written >= capacity) {
    *status = 2;
    return 0;
  }
  size_t count = (size_t)written;
  if (memchr(out, '.', count)) {
    while (out[count - 1] == '0') count--;
    if (out[count - 1] == '.') count--;
  }
  if (count == 2 && out[0] == '-' && out[1] == '0') {
    out[0] = '0';
    count = 1;
  }
  return count;
}

static martlet_long_double wrap(long double value) {
  martlet_long_double wrapped = {{0}};
  memcpy(wrapped.bytes, &value, sizeof value);
  return wrapped;
}

static long double unwrap(martlet_long_double wrapped) {
  long double value;
  memcpy(&value, wrapped.bytes, sizeof value);
  return value;
}

martlet_long_double martlet_long_double_from_integer(int64_t value) { return wrap((long double)value); }

bool martlet_long_double_read(const void *text, size_t count, martlet_long_double *value) {
  long double read;
  if (!parse_long_double(text, count, &read)) return false;
  *value = wrap(read);
  return true;
}

bool martlet_milliseconds_read(const void *text, size_t count, int64_t *milliseconds) {
  long double read;
  if (!parse_long_double(text, count, &read)) return false;
  read = ceill(read * 1000);
  *milliseconds = read >= 0x1p63L ? INT64_MAX : read <= -0x1p63L ? INT64_MIN : (int64_t)read;
  return true;
}

martlet_long_double martlet_long_double_add(martlet_long_double a, martlet_long_double b) {
  return wrap(unwrap(a) + unwrap(b));
}

bool martlet_long_double_less(martlet_long_double a, martlet_long_double b) { return unwrap(a) < unwrap(b); }

bool martlet_long_double_truncate(martlet_long_double a, int64_t *value) {
  long double v = unwrap(a);
  // 2^63 is exact in any format.
  if (!(v >= -0x1p63L && v < 0x1p63L)) return false;
  *value = (int64_t)v;
  return true;
}

size_t martlet_long_double_write(martlet_long_double a, char *out, size_t capacity) {
  long double v = unwrap(a);
  int written = isnan(v) ? snprintf(out, capacity, "nan")
                : isinf(v) ? snprintf(out, capacity, v > 0 ? "inf" : "-inf")
                           : snprintf(out, capacity, "%.17Lg", v);
  return written < 0 ? 0 : (size_t)written < capacity ? (size_t)written : capacity - 1;
}

const void *martlet_find(const void *text, size_t count, const void *part, size_t part_count) {
  return memmem(text, count, part, part_count);
}
