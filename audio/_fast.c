/* The usual case of each packet and frame. What is unusual in any way is left to the Python beside it.
 *
 * Types that hold the state of audio/{receive,sender,jitter,delays}.py and codecs/opus.py; the Python
 * classes derive from them, so that there is one truth. Each has a pure twin of the same name there,
 * and audio/fast.py picks one; tests/audio/test_fast.py holds them to the same results.
 *
 * What comes from the network is read in stream_receive and put_usual alone. One thread, under the
 * interpreter's lock; nothing here gives it up. POSIX; the stable ABI of CPython 3.11.
 */
#define Py_LIMITED_API 0x030b0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <structmember.h>
#include <string.h>
#include <sys/socket.h>
#ifdef __linux__
#include <sys/epoll.h>
#endif

/* audio/fast.py finds the file by a checksum of this one: a binary of another source is never loaded. */
#ifndef VAKTBORD_MODULE
#error "compile it with python -m audio.compile, or with pip"
#endif
#define JOINED(a, b) a##b
#define INIT_OF(name) JOINED(PyInit_, name)

/* The same as in Python, where each has its reason; tests/audio/test_fast.py compares them. */
enum {
  LONGEST = 1985,      /* receive */
  MAX_SEALED = 1480,   /* srtp.MAX_PACKET */
  HEADER = 12,         /* rtp */
  RATE = 48000,        /* jitter */
  SLACK = 96,          /* jitter */
  MAX_PACKETS = 128,   /* jitter */
  MAX_UNLEARNT = 32,   /* jitter */
  BLOCK = 480,         /* sender */
  MAX_FRAME = 9600,    /* codecs.frame */
  BUCKETS = 64,        /* delays */
  BUCKET_MS = 5,       /* delays */
  CAP_BUCKET = 24,     /* delays */
  QUIET_BUCKET = 2,    /* delays */
};
#define MAX_LEAP_MS 2000.0   /* jitter */
#define LOOK_EVERY_MS 100.0  /* jitter */
#define SHORTEN_ABOVE_MS 12.0  /* jitter */
#define LENGTHEN_BELOW_MS 5.0  /* jitter */
#define COPY_TICK_MS 15.0    /* delays */
#define SHRINK_EVERY_MS 5000.0 /* delays */
#define ROUNDING_MS 0.01     /* delays */
#define LATE_SHARE 0.0015    /* delays */
#define PATIENT_MS 65.0      /* delays */
#define LATE_SHARE_PER_MS 0.00009 /* delays */
#define HOPELESS_SHARE 0.01  /* delays */
#define LEAST_KNOWN 1000.0   /* delays */
#define FORGETTING 0.9995    /* delays */
#define WINDOW_MS 20000.0    /* delays */
#define PAUSE_MS 400.0       /* delays */
#define FLOOR_MS 40.0        /* delays */
#define QUIET_FLOOR_MS 30.0  /* delays */
#define CAP_MS 120.0         /* delays */
#define BASE_WINDOW_MS 5000.0 /* delays */
#define JITTER_GAIN (1.0 / 16) /* delays */
#define MAX_WEIGHT 1e12      /* delays */
#define MAX_TIMESTAMP (1LL << 46) /* extended; further off is left to Python, which has no bound */

typedef int (*decode_fn)(void *, const unsigned char *, int32_t, float *, int, int);
typedef int (*unprotect_fn)(void *, void *, int *); /* libsrtp 2 */

/* -- types, their members, their memory -------------------------------------------------- */

typedef struct {
  PyObject_HEAD
  PyObject *kind, *payload;
  long long samples, media;
  double arrived_ms;
} Next;

typedef struct {
  PyObject_HEAD
  long long packets, lost, late, duplicate, dropped, concealed, rescued;
} Counts;

typedef struct {
  PyObject_HEAD
  double weights[BUCKETS], before[BUCKETS];
  double weight, total, total_before, spoken_ms, learnt_ms, next_base_ms, turn_ms, last_ms, shrunk_ms, base_ms, jitter_ms, target_ms;
  double copies_ms;
} Histogram;

typedef struct {
  PyObject_HEAD
  PyObject *waiting, *unlearnt_ms, *counts, *delays;
  long long clock_rate, highest, timestamp, expected, media, starved, high_looks;
  double relative_ms, aim_ms, looked_ms, least_ms, heard_ms;
  char talking, playing;
} BufferState;

typedef struct {
  PyObject_HEAD
  unsigned long long state, function; /* addresses */
  long long concealed;
} DecoderState;

typedef struct {
  PyObject_HEAD
  PyObject *buffer, *decoder, *rest;
  long long faded;
  double sounded_ms, delay_ms;
  char is_beginning, is_active, talking;
} SenderState;

typedef struct {
  PyObject_HEAD
  PyObject *senders, *tap;
  unsigned long long session, unprotect; /* addresses; 0: opening is left to Python */
  int number, payload_type;
  char is_sealed;
} StreamState;

static PyTypeObject *next_type, *counts_type, *histogram_type, *buffer_type, *decoder_type, *sender_type;
static PyObject *frame_kind, *no_bytes; /* "frame", b"" */
static PyObject *name_take, *name_opened, *name_refuse, *name_fill, *name_decoded, *name_has_turned;

#define MEMBER(type, field, name, kind) {name, kind, offsetof(type, field), 0, NULL}
#define FIXED(type, field, name, kind) {name, kind, offsetof(type, field), READONLY, NULL}
#define END {NULL, 0, 0, 0, NULL}

static PyMemberDef next_members[] = {
    FIXED(Next, kind, "kind", T_OBJECT_EX),    FIXED(Next, payload, "payload", T_OBJECT_EX),
    FIXED(Next, samples, "samples", T_LONGLONG), FIXED(Next, arrived_ms, "arrived_ms", T_DOUBLE),
    FIXED(Next, media, "media", T_LONGLONG),   END};

static PyMemberDef counts_members[] = {
    MEMBER(Counts, packets, "packets", T_LONGLONG),
    MEMBER(Counts, lost, "lost", T_LONGLONG),
    MEMBER(Counts, late, "late", T_LONGLONG),
    MEMBER(Counts, duplicate, "duplicate", T_LONGLONG),
    MEMBER(Counts, dropped, "dropped", T_LONGLONG),
    MEMBER(Counts, concealed, "concealed", T_LONGLONG),
    MEMBER(Counts, rescued, "rescued", T_LONGLONG),
    END};

static PyMemberDef histogram_members[] = {
    MEMBER(Histogram, next_base_ms, "_next_base_ms", T_DOUBLE),
    MEMBER(Histogram, turn_ms, "_turn_ms", T_DOUBLE),
    MEMBER(Histogram, last_ms, "_last_ms", T_DOUBLE),
    MEMBER(Histogram, shrunk_ms, "_shrunk_ms", T_DOUBLE),
    MEMBER(Histogram, total_before, "_total_before", T_DOUBLE),
    MEMBER(Histogram, spoken_ms, "_spoken_ms", T_DOUBLE),
    MEMBER(Histogram, learnt_ms, "_learnt_ms", T_DOUBLE),
    MEMBER(Histogram, target_ms, "target_ms", T_DOUBLE),
    MEMBER(Histogram, copies_ms, "copies_ms", T_DOUBLE),
    MEMBER(Histogram, base_ms, "base_ms", T_DOUBLE),
    MEMBER(Histogram, jitter_ms, "jitter_ms", T_DOUBLE),
    END};

static PyMemberDef buffer_members[] = {
    MEMBER(BufferState, waiting, "_waiting", T_OBJECT_EX),
    MEMBER(BufferState, unlearnt_ms, "_unlearnt_ms", T_OBJECT_EX),
    MEMBER(BufferState, counts, "counts", T_OBJECT_EX),
    MEMBER(BufferState, delays, "delays", T_OBJECT_EX),
    MEMBER(BufferState, clock_rate, "_clock_rate", T_LONGLONG),
    MEMBER(BufferState, highest, "_highest", T_LONGLONG),
    MEMBER(BufferState, timestamp, "_timestamp", T_LONGLONG),
    MEMBER(BufferState, expected, "_expected", T_LONGLONG),
    MEMBER(BufferState, media, "_media", T_LONGLONG),
    MEMBER(BufferState, starved, "_starved", T_LONGLONG),
    MEMBER(BufferState, high_looks, "_high_looks", T_LONGLONG),
    MEMBER(BufferState, relative_ms, "_relative_ms", T_DOUBLE),
    MEMBER(BufferState, aim_ms, "_aim_ms", T_DOUBLE),
    MEMBER(BufferState, looked_ms, "_looked_ms", T_DOUBLE),
    MEMBER(BufferState, least_ms, "_least_ms", T_DOUBLE),
    MEMBER(BufferState, heard_ms, "heard_ms", T_DOUBLE),
    MEMBER(BufferState, talking, "talking", T_BOOL),
    MEMBER(BufferState, playing, "playing", T_BOOL),
    END};

static PyMemberDef decoder_members[] = {
    MEMBER(DecoderState, state, "_state", T_ULONGLONG),
    MEMBER(DecoderState, function, "_function", T_ULONGLONG),
    MEMBER(DecoderState, concealed, "_concealed", T_LONGLONG),
    END};

static PyMemberDef sender_members[] = {
    MEMBER(SenderState, buffer, "buffer", T_OBJECT_EX),
    MEMBER(SenderState, decoder, "_decoder", T_OBJECT_EX),
    MEMBER(SenderState, rest, "_rest", T_OBJECT_EX),
    MEMBER(SenderState, faded, "_faded", T_LONGLONG),
    MEMBER(SenderState, sounded_ms, "_sounded_ms", T_DOUBLE),
    MEMBER(SenderState, delay_ms, "delay_ms", T_DOUBLE),
    MEMBER(SenderState, is_beginning, "_is_beginning", T_BOOL),
    MEMBER(SenderState, is_active, "is_active", T_BOOL),
    MEMBER(SenderState, talking, "talking", T_BOOL),
    END};

static PyMemberDef stream_members[] = {
    MEMBER(StreamState, senders, "senders", T_OBJECT_EX),
    MEMBER(StreamState, tap, "tap", T_OBJECT_EX),
    MEMBER(StreamState, session, "_session", T_ULONGLONG),
    MEMBER(StreamState, unprotect, "_unprotect", T_ULONGLONG),
    MEMBER(StreamState, number, "_number", T_INT),
    MEMBER(StreamState, payload_type, "_payload_type", T_INT),
    MEMBER(StreamState, is_sealed, "_is_sealed", T_BOOL),
    END};

static void release(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
  Py_DECREF(type); /* an instance of a heap type owns a reference to it */
}

static int buffer_traverse(PyObject *o, visitproc visit, void *arg) {
  BufferState *self = (BufferState *)o;
  Py_VISIT(Py_TYPE(o));
  Py_VISIT(self->waiting);
  Py_VISIT(self->unlearnt_ms);
  Py_VISIT(self->counts);
  Py_VISIT(self->delays);
  return 0;
}

static int buffer_clear(PyObject *o) {
  BufferState *self = (BufferState *)o;
  Py_CLEAR(self->waiting);
  Py_CLEAR(self->unlearnt_ms);
  Py_CLEAR(self->counts);
  Py_CLEAR(self->delays);
  return 0;
}

static int sender_traverse(PyObject *o, visitproc visit, void *arg) {
  SenderState *self = (SenderState *)o;
  Py_VISIT(Py_TYPE(o));
  Py_VISIT(self->buffer);
  Py_VISIT(self->decoder);
  Py_VISIT(self->rest);
  return 0;
}

static int sender_clear(PyObject *o) {
  SenderState *self = (SenderState *)o;
  Py_CLEAR(self->buffer);
  Py_CLEAR(self->decoder);
  Py_CLEAR(self->rest);
  return 0;
}

static int stream_traverse(PyObject *o, visitproc visit, void *arg) {
  StreamState *self = (StreamState *)o;
  Py_VISIT(Py_TYPE(o));
  Py_VISIT(self->senders);
  Py_VISIT(self->tap);
  return 0;
}

static int stream_clear(PyObject *o) {
  StreamState *self = (StreamState *)o;
  Py_CLEAR(self->senders);
  Py_CLEAR(self->tap);
  return 0;
}

static void buffer_dealloc(PyObject *self) {
  PyObject_GC_UnTrack(self);
  buffer_clear(self);
  release(self);
}

static void sender_dealloc(PyObject *self) {
  PyObject_GC_UnTrack(self);
  sender_clear(self);
  release(self);
}

static void stream_dealloc(PyObject *self) {
  PyObject_GC_UnTrack(self);
  stream_clear(self);
  release(self);
}

static void next_dealloc(PyObject *o) {
  Py_CLEAR(((Next *)o)->kind);
  Py_CLEAR(((Next *)o)->payload);
  release(o);
}

/* -- Next, Counts ------------------------------------------------------------------------ */

static PyObject *new_next(PyObject *kind, PyObject *payload, long long samples, double arrived_ms,
                          long long media) {
  Next *self = (Next *)PyType_GenericAlloc(next_type, 0);
  if (!self) return NULL;
  self->kind = Py_NewRef(kind);
  self->payload = Py_NewRef(payload);
  self->samples = samples;
  self->arrived_ms = arrived_ms;
  self->media = media;
  return (PyObject *)self;
}

static PyObject *next_new(PyTypeObject *type, PyObject *args, PyObject *words) {
  static char *names[] = {"kind", "payload", "samples", "arrived_ms", "media", NULL};
  PyObject *kind, *payload = no_bytes;
  long long samples = 0, media = 0;
  double arrived_ms = 0.0;
  (void)type;
  if (!PyArg_ParseTupleAndKeywords(args, words, "U|SLdL", names, &kind, &payload, &samples,
                                   &arrived_ms, &media))
    return NULL;
  return new_next(kind, payload, samples, arrived_ms, media);
}

static PyObject *counts_compare(PyObject *one, PyObject *other, int how) {
  if ((how != Py_EQ && how != Py_NE) || !PyObject_TypeCheck(other, counts_type))
    Py_RETURN_NOTIMPLEMENTED;
  Counts *a = (Counts *)one, *b = (Counts *)other;
  int same = a->packets == b->packets && a->lost == b->lost && a->late == b->late &&
             a->duplicate == b->duplicate && a->dropped == b->dropped &&
             a->concealed == b->concealed && a->rescued == b->rescued;
  return PyBool_FromLong(same == (how == Py_EQ));
}

/* -- Histogram: how late packets are ------------------------------------------------------ */

static void histogram_rescale(Histogram *h) {
  double scale = 1.0 / h->weight;
  for (int i = 0; i < BUCKETS; i++) {
    h->weights[i] *= scale;
    h->before[i] *= scale;
  }
  h->weight = 1.0;
  h->total *= scale;
  h->total_before *= scale;
}

/* Histogram._count_time in Python. */
static void count_time(Histogram *h, double now_ms) {
  double since_ms = now_ms - h->learnt_ms;
  h->learnt_ms = now_ms;
  if (0 < since_ms && since_ms < PAUSE_MS) h->spoken_ms += since_ms;
  if (!(h->spoken_ms >= WINDOW_MS)) return;
  h->spoken_ms = 0.0;
  memcpy(h->before, h->weights, sizeof h->before);
  memset(h->weights, 0, sizeof h->weights);
  h->total_before = h->total;
  h->total = 0.0;
}

/* One arrival, as Histogram.learn in Python has it. */
static void histogram_add(Histogram *h, double relative_ms) {
  double bucket = (relative_ms - h->base_ms - ROUNDING_MS) / BUCKET_MS + 1.0;
  h->weight *= 1.0 / FORGETTING;
  h->total += h->weight;
  /* neither NaN nor what is out of range becomes an integer */
  h->weights[bucket >= 0 && bucket < BUCKETS - 1 ? (int)bucket : BUCKETS - 1] += h->weight;
  h->jitter_ms += (fabs(relative_ms - h->last_ms) - h->jitter_ms) * JITTER_GAIN;
  h->last_ms = relative_ms;
}

/* -1 when it is no list of so many numbers. */
static int learn(Histogram *h, PyObject *list, double now_ms) {
  double arrivals[MAX_UNLEARNT];
  Py_ssize_t size = PyList_Size(list);
  if (size > MAX_UNLEARNT) PyErr_SetString(PyExc_ValueError, "too many arrivals at once");
  for (Py_ssize_t i = 0; i < size && i < MAX_UNLEARNT; i++) {
    PyObject *one = PyList_GetItem(list, i);
    arrivals[i] = one ? PyFloat_AsDouble(one) : -1.0;
  }
  if (PyErr_Occurred()) return -1;
  if (size < 1) return 0;
  double since_ms = now_ms - h->turn_ms;
  if (!(0 <= since_ms && since_ms < BASE_WINDOW_MS)) {
    h->base_ms = h->next_base_ms;
    h->next_base_ms = arrivals[0];
    h->turn_ms = now_ms;
  }
  for (Py_ssize_t i = 0; i < size; i++)
    if (arrivals[i] < h->next_base_ms) h->next_base_ms = arrivals[i];
  if (h->next_base_ms < h->base_ms) h->base_ms = h->next_base_ms;
  count_time(h, now_ms);
  for (Py_ssize_t i = 0; i < size; i++) histogram_add(h, arrivals[i]);
  if (h->weight > MAX_WEIGHT) histogram_rescale(h);
  return 0;
}

/* As Histogram.wanted_ms in Python has it, where its reasons are. */
static double wanted_ms(const Histogram *h) {
  double total = fmax(h->total + h->total_before, LEAST_KNOWN * h->weight);
  double given_up = -HOPELESS_SHARE * total;
  double late = given_up, floor_ms = FLOOR_MS, found_ms = 0.0;
  int is_quiet = h->total_before > 0.0;
  for (int i = BUCKETS - 1; i > 0; i--) {
    double wait_ms = (double)i * BUCKET_MS;
    late += h->weights[i] + h->before[i];
    if (i == CAP_BUCKET + 1) {
      is_quiet = is_quiet && late <= given_up;
      late = fmax(late, 0.0);
    }
    if (i == QUIET_BUCKET + 1 && is_quiet && late <= 0.0) floor_ms = QUIET_FLOOR_MS;
    if (late > total * (LATE_SHARE + fmax(wait_ms - PATIENT_MS, 0.0) * LATE_SHARE_PER_MS)) {
      found_ms = wait_ms;
      break;
    }
  }
  if (h->copies_ms != 0.0) found_ms += h->copies_ms + COPY_TICK_MS;
  return fmin(fmax(found_ms, floor_ms), CAP_MS);
}

static void follow(Histogram *h, double now_ms) {
  double wanted = wanted_ms(h);
  if (wanted > h->target_ms) {
    h->target_ms = wanted;
  } else if (now_ms - h->shrunk_ms >= SHRINK_EVERY_MS) {
    h->target_ms = wanted;
    h->shrunk_ms = now_ms;
  }
}

static PyObject *histogram_learn(PyObject *self, PyObject *const *args, Py_ssize_t count) {
  if (count != 2 || !PyList_Check(args[0])) {
    PyErr_SetString(PyExc_TypeError, "learn takes a list and a time");
    return NULL;
  }
  double now_ms = PyFloat_AsDouble(args[1]);
  if (PyErr_Occurred() || learn((Histogram *)self, args[0], now_ms)) return NULL;
  Py_RETURN_NONE;
}

static PyObject *histogram_wanted_ms(PyObject *self, PyObject *unused) {
  (void)unused;
  return PyFloat_FromDouble(wanted_ms((Histogram *)self));
}

static PyObject *histogram_follow(PyObject *self, PyObject *now) {
  double now_ms = PyFloat_AsDouble(now);
  if (PyErr_Occurred()) return NULL;
  follow((Histogram *)self, now_ms);
  Py_RETURN_NONE;
}

static PyObject *histogram_copy_weights(PyObject *self, PyObject *other) {
  Histogram *to = (Histogram *)self, *from = (Histogram *)other;
  if (!PyObject_TypeCheck(other, Py_TYPE(self))) {
    PyErr_SetString(PyExc_TypeError, "copy_weights takes another of the same");
    return NULL;
  }
  memcpy(to->weights, from->weights, sizeof to->weights);
  memcpy(to->before, from->before, sizeof to->before);
  to->weight = from->weight;
  to->total = from->total;
  to->total_before = from->total_before;
  to->spoken_ms = from->spoken_ms;
  Py_RETURN_NONE;
}

static PyObject *histogram_new(PyTypeObject *type, PyObject *args, PyObject *words) {
  Histogram *self = (Histogram *)PyType_GenericAlloc(type, 0);
  (void)args, (void)words;
  if (self) {
    self->weight = 1.0;
    self->next_base_ms = INFINITY;
    self->target_ms = FLOOR_MS;
  }
  return (PyObject *)self;
}

static PyMethodDef histogram_methods[] = {
    {"learn", (PyCFunction)(void (*)(void))histogram_learn, METH_FASTCALL, NULL},
    {"wanted_ms", histogram_wanted_ms, METH_NOARGS, NULL},
    {"follow", histogram_follow, METH_O, NULL},
    {"copy_weights", histogram_copy_weights, METH_O, NULL},
    {NULL, NULL, 0, NULL}};

/* -- receiving ---------------------------------------------------------------------------- */

static uint32_t read_32(const unsigned char *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static long long floor_of(long long value, long long by) { /* by > 0; as Python's // */
  long long whole = value / by;
  return whole * by > value ? whole - 1 : whole;
}

/* The sender's buffer when all is as usual with both, else NULL; no error is set. */
static BufferState *usual_buffer(SenderState *sender) {
  BufferState *buffer = (BufferState *)sender->buffer;
  if (!buffer || !PyObject_TypeCheck(sender->buffer, buffer_type)) return NULL;
  if (!buffer->talking || !buffer->playing || buffer->clock_rate <= 0) return NULL;
  if (!buffer->waiting || !PyDict_Check(buffer->waiting)) return NULL;
  if (!buffer->unlearnt_ms || !PyList_Check(buffer->unlearnt_ms)) return NULL;
  if (!buffer->counts || !PyObject_TypeCheck(buffer->counts, counts_type)) return NULL;
  if (!buffer->delays || !PyObject_TypeCheck(buffer->delays, histogram_type)) return NULL;
  return buffer;
}

static int call_tap(StreamState *self, unsigned sequence, uint32_t timestamp, uint32_t ssrc,
                    PyObject *payload, PyObject *now) {
  if (!self->tap || self->tap == Py_None) return 0;
  PyObject *tap = Py_NewRef(self->tap);
  PyObject *done = PyObject_CallFunction(tap, "IkkOO", sequence, (unsigned long)timestamp,
                                         (unsigned long)ssrc, payload, now);
  Py_DECREF(tap);
  Py_XDECREF(done);
  return done ? 0 : -1;
}

/* JitterBuffer.put for the next packet of a burst that is being played. */
static int store(BufferState *buffer, PyObject *payload, long long timestamp, long long media,
                 double relative_ms, double now_ms) {
  int failed = -1;
  PyObject *next = new_next(frame_kind, payload, 0, now_ms, media);
  PyObject *key = PyLong_FromLongLong(buffer->highest + 1);
  PyObject *arrival = PyFloat_FromDouble(relative_ms);
  if (next && key && arrival && PyList_Append(buffer->unlearnt_ms, arrival) == 0 &&
      PyDict_SetItem(buffer->waiting, key, next) == 0) {
    buffer->highest++;
    buffer->timestamp = timestamp;
    buffer->heard_ms = now_ms;
    buffer->relative_ms = relative_ms;
    ((Counts *)buffer->counts)->packets++;
    failed = 0;
  }
  Py_XDECREF(next);
  Py_XDECREF(key);
  Py_XDECREF(arrival);
  return failed;
}

/* A plain RTP packet, whole and opened. 1: taken; 0: unusual, nothing was changed; -1: an error. */
static int put_usual(StreamState *self, const unsigned char *data, Py_ssize_t size, PyObject *now) {
  if (size < HEADER || data[0] != 0x80 || !self->senders || !PyDict_Check(self->senders)) return 0;
  uint32_t ssrc = read_32(data + 8);
  PyObject *key = PyLong_FromUnsignedLong(ssrc);
  if (!key) return -1;
  PyObject *found = PyDict_GetItemWithError(self->senders, key); /* borrowed */
  Py_DECREF(key);
  if (!found) return PyErr_Occurred() ? -1 : 0;
  if (!PyObject_TypeCheck(found, sender_type) || !((SenderState *)found)->is_active) return 0;
  BufferState *buffer = usual_buffer((SenderState *)found);
  if (!buffer) return 0;
  double now_ms = PyFloat_AsDouble(now);
  if (now_ms == -1.0 && PyErr_Occurred()) return -1;
  unsigned sequence = (unsigned)(data[2] << 8 | data[3]);
  long long before = buffer->timestamp;
  if (before > MAX_TIMESTAMP || before < -MAX_TIMESTAMP) return 0;
  long long timestamp = before + (uint32_t)(read_32(data + 4) - (uint32_t)before);
  long long media = buffer->clock_rate == RATE ? timestamp
                                               : floor_of(timestamp * RATE, buffer->clock_rate);
  double relative_ms = now_ms - (double)media / (RATE / 1000.0);
  if (sequence != (unsigned)((buffer->highest + 1) & 0xFFFF) ||
      !(fabs(relative_ms - buffer->relative_ms) < MAX_LEAP_MS) ||
      PyList_Size(buffer->unlearnt_ms) + 1 >= MAX_UNLEARNT ||
      PyDict_Size(buffer->waiting) >= MAX_PACKETS)
    return 0;
  PyObject *payload = PyBytes_FromStringAndSize((const char *)data + HEADER, size - HEADER);
  if (!payload) return -1;
  int failed = store(buffer, payload, timestamp, media, relative_ms, now_ms);
  if (!failed) failed = call_tap(self, sequence, read_32(data + 4), ssrc, payload, now);
  Py_DECREF(payload);
  return failed ? -1 : 1;
}

static PyObject *hand_on(PyObject *self, PyObject *name, const unsigned char *data, Py_ssize_t size,
                         PyObject *now) {
  PyObject *whole = PyBytes_FromStringAndSize((const char *)data, size);
  if (!whole) return NULL;
  PyObject *done = PyObject_CallMethodObjArgs(self, name, whole, now, NULL);
  Py_DECREF(whole);
  return done;
}

/* One datagram from the RTP socket. */
static PyObject *stream_receive(PyObject *o, PyObject *now) {
  StreamState *self = (StreamState *)o;
  union { /* libsrtp reads whole words of a header */
    unsigned char bytes[LONGEST + 1];
    uint64_t aligned;
  } data;
  Py_ssize_t size = recv(self->number, data.bytes, LONGEST, MSG_DONTWAIT);
  if (size < 0) Py_RETURN_NONE; /* nothing there after all, or an ICMP error of a unicast peer */
  if (size < 2 || size >= LONGEST || (data.bytes[1] & 0x7F) != self->payload_type)
    return hand_on(o, name_take, data.bytes, size, now);
  if (self->is_sealed) {
    int length = (int)size;
    if (!self->session || !self->unprotect || size > MAX_SEALED)
      return hand_on(o, name_take, data.bytes, size, now);
    unprotect_fn unprotect = (unprotect_fn)(uintptr_t)self->unprotect;
    if (unprotect((void *)(uintptr_t)self->session, data.bytes, &length) || length < 0 ||
        length > size)
      return PyObject_CallMethodObjArgs(o, name_refuse, NULL);
    size = length;
  }
  int taken = put_usual(self, data.bytes, size, now);
  if (taken < 0) return NULL;
  if (taken) Py_RETURN_NONE;
  return hand_on(o, name_opened, data.bytes, size, now);
}

static PyMethodDef stream_methods[] = {{"receive", stream_receive, METH_O, NULL},
                                       {NULL, NULL, 0, NULL}};

/* -- playing ------------------------------------------------------------------------------ */

/* The frame that is due, when it is there and nothing is to be faded or bridged; else NULL. A new
 * reference; it is taken out of the buffer. */
static Next *take_usual(BufferState *buffer) {
  Next *next = NULL;
  PyObject *key = PyLong_FromLongLong(buffer->expected);
  if (!key) return NULL;
  PyObject *found = PyDict_GetItemWithError(buffer->waiting, key); /* borrowed */
  if (found && Py_TYPE(found) == next_type) {
    long long gap = (long long)((unsigned long long)((Next *)found)->media -
                                (unsigned long long)buffer->media);
    if (gap >= -SLACK && gap <= SLACK && PyBytes_Size(((Next *)found)->payload) > 0) {
      next = (Next *)Py_NewRef(found);
      if (PyDict_DelItem(buffer->waiting, key)) Py_CLEAR(next);
    }
  }
  Py_DECREF(key);
  if (next) {
    buffer->media = next->media;
    buffer->expected++;
    buffer->starved = 0;
  }
  return next;
}

static int is_usual(SenderState *self) {
  DecoderState *decoder = (DecoderState *)self->decoder;
  if (self->is_beginning || self->faded || !self->rest) return 0;
  if (!decoder || !PyObject_TypeCheck(self->decoder, decoder_type)) return 0;
  if (!decoder->state || !decoder->function || decoder->concealed) return 0;
  return PyObject_Size(self->rest) == 0;
}

/* JitterBuffer._decide when the delay is as wanted. */
static int look(BufferState *buffer, double now_ms) {
  Histogram *delays = (Histogram *)buffer->delays;
  buffer->least_ms = INFINITY;
  buffer->looked_ms = now_ms;
  buffer->high_looks = 0;
  if (learn(delays, buffer->unlearnt_ms, now_ms)) return -1;
  if (PyList_SetSlice(buffer->unlearnt_ms, 0, PyList_Size(buffer->unlearnt_ms), NULL)) return -1;
  follow(delays, now_ms);
  buffer->aim_ms = delays->base_ms + delays->target_ms;
  return 1;
}

/* Whether there is nothing to decide; where copies are waited for, there is. */
static int is_as_wanted(BufferState *buffer, double least_ms) {
  if (((Histogram *)buffer->delays)->copies_ms != 0.0) return 0;
  return least_ms >= -LENGTHEN_BELOW_MS && least_ms <= SHORTEN_ABOVE_MS;
}

/* JitterBuffer.played when the answer is "keep": 1; else 0, and nothing was changed; -1: an error. */
static int played_usual(BufferState *buffer, int count, double now_ms) {
  double excess_ms = now_ms - (double)buffer->media / (RATE / 1000.0) - buffer->aim_ms;
  double least_ms = excess_ms < buffer->least_ms ? excess_ms : buffer->least_ms;
  int is_due = !(now_ms - buffer->looked_ms < LOOK_EVERY_MS);
  if (is_due && !is_as_wanted(buffer, least_ms - ROUNDING_MS)) return 0;
  buffer->media += count;
  buffer->least_ms = least_ms;
  return is_due ? look(buffer, now_ms) : 1;
}

/* A whole number of blocks as Python has it, from a call of it; -1: an error. */
static int blocks_of(PyObject *given) {
  long blocks = given ? PyLong_AsLong(given) : -1;
  Py_XDECREF(given);
  if (given && !PyErr_Occurred() && (blocks < 0 || blocks > MAX_FRAME / BLOCK))
    PyErr_SetString(PyExc_ValueError, "no such number of blocks");
  return PyErr_Occurred() ? -1 : (int)blocks;
}

/* What was decoded: whole blocks as they are, anything else by Python. */
static int give(SenderState *self, BufferState *buffer, Next *next, int count, PyObject *out,
                PyObject *now) {
  double now_ms = PyFloat_AsDouble(now);
  int is_kept = count > 0 && count % BLOCK == 0 ? played_usual(buffer, count, now_ms) : 0;
  if (is_kept < 0) return -1;
  if (is_kept) {
    self->delay_ms = now_ms - next->arrived_ms;
    self->sounded_ms = now_ms;
    return count / BLOCK;
  }
  PyObject *decoded = PyLong_FromLong(count);
  if (!decoded) return -1;
  PyObject *given = PyObject_CallMethodObjArgs((PyObject *)self, name_decoded, next, decoded, out,
                                               now, NULL);
  Py_DECREF(decoded);
  return blocks_of(given);
}

/* Where a Frame's samples are; NULL with an error set. */
static float *samples_of(PyObject *out) {
  PyObject *address = PyTuple_GetItem(out, 1); /* borrowed */
  float *samples = address ? PyLong_AsVoidPtr(address) : NULL;
  if (!samples && !PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "no frame");
  return samples;
}

/* Sender.fill: the next sound into ``out``. Whole blocks of 10 ms; 0 = silence now; -1: an error. */
static int fill(SenderState *self, PyObject *out, PyObject *now) {
  BufferState *buffer = is_usual(self) ? usual_buffer(self) : NULL;
  float *samples = buffer ? samples_of(out) : NULL;
  Next *next = samples ? take_usual(buffer) : NULL;
  if (PyErr_Occurred()) return -1;
  if (!next) return blocks_of(PyObject_CallMethodObjArgs((PyObject *)self, name_fill, out, now, NULL));
  DecoderState *decoder = (DecoderState *)self->decoder;
  char *payload;
  Py_ssize_t size;
  int blocks = -1;
  if (PyBytes_AsStringAndSize(next->payload, &payload, &size) == 0) {
    decode_fn decode = (decode_fn)(uintptr_t)decoder->function;
    int count = decode((void *)(uintptr_t)decoder->state, (const unsigned char *)payload,
                       (int32_t)size, samples, MAX_FRAME, 0);
    PyObject *held = Py_NewRef((PyObject *)buffer);
    blocks = give(self, buffer, next, count, out, now);
    Py_DECREF(held);
  }
  Py_DECREF(next);
  return blocks;
}

static PyObject *sender_fill(PyObject *self, PyObject *const *args, Py_ssize_t given) {
  if (given != 2 || !PyFloat_Check(args[1])) {
    PyErr_SetString(PyExc_TypeError, "fill takes a frame and a time");
    return NULL;
  }
  int blocks = fill((SenderState *)self, args[0], args[1]);
  return blocks < 0 ? NULL : PyLong_FromLong(blocks);
}

/* One sender's part of fill_due; its blocks, or -1. */
static int fill_one(SenderState *sender, PyObject *out, PyObject *now, PyObject *turned) {
  int blocks = fill(sender, out, now);
  if (blocks < 0) return -1;
  if (!(blocks && sender->talking)) {
    PyObject *has_turned = PyObject_CallMethodObjArgs((PyObject *)sender, name_has_turned, now, NULL);
    int is_true = has_turned ? PyObject_IsTrue(has_turned) : -1;
    Py_XDECREF(has_turned);
    if (is_true < 0 || (is_true && PyList_Append(turned, (PyObject *)sender))) return -1;
  }
  if (blocks) return blocks;
  float *samples = samples_of(out);
  if (!samples) return -1;
  memset(samples, 0, BLOCK * sizeof *samples);
  return 1;
}

/* A view of float32 in two dimensions, the last of them in one piece; 0 and an error when it isn't. */
static int view_of(PyObject *array, Py_buffer *view, int flags) {
  if (PyObject_GetBuffer(array, view, flags | PyBUF_STRIDES | PyBUF_FORMAT)) return 0;
  if (view->ndim == 2 && view->format && !strcmp(view->format, "f") &&
      view->itemsize == sizeof(float) && view->strides[1] == sizeof(float))
    return 1;
  PyBuffer_Release(view);
  PyErr_SetString(PyExc_TypeError, "not rows of float32");
  return 0;
}

static float *row_of(const Py_buffer *view, Py_ssize_t row) {
  return (float *)((char *)view->buf + row * view->strides[0]);
}

/* mix.Sink: what is made ahead, where in it a frame begins, the gains by seat, and for the peaks of
 * the frames (1, n) in their order. */
typedef struct {
  Py_buffer ahead, gains, peaks;
  Py_ssize_t at;
  int is_open;
} Sink;

/* None: nothing is to be mixed here. 0 and an error when it is neither. */
static int open_sink(PyObject *given, Sink *sink) {
  PyObject *ahead, *gains, *peaks;
  sink->is_open = 0;
  if (given == Py_None) return 1;
  if (!PyArg_ParseTuple(given, "OnOO", &ahead, &sink->at, &gains, &peaks)) return 0;
  if (!view_of(ahead, &sink->ahead, PyBUF_WRITABLE)) return 0;
  if (!view_of(gains, &sink->gains, 0)) {
    PyBuffer_Release(&sink->ahead);
    return 0;
  }
  if (!view_of(peaks, &sink->peaks, PyBUF_WRITABLE)) {
    PyBuffer_Release(&sink->ahead);
    PyBuffer_Release(&sink->gains);
    return 0;
  }
  sink->is_open = 1;
  if (sink->ahead.shape[0] == 2 && sink->gains.shape[0] == 2 && sink->at >= 0) return 1;
  PyErr_SetString(PyExc_ValueError, "a sink has two sides");
  return 0;
}

static void close_sink(Sink *sink) {
  if (!sink->is_open) return;
  PyBuffer_Release(&sink->ahead);
  PyBuffer_Release(&sink->gains);
  PyBuffer_Release(&sink->peaks);
}

/* The bits of a float that is not negative are in its order, and those of no number above all. */
static float peak_of(const float *from, Py_ssize_t length) {
  int32_t most = 0, bits;
  float peak;
  for (Py_ssize_t i = 0; i < length; i++) {
    memcpy(&bits, from + i, sizeof bits);
    bits &= 0x7FFFFFFF;
    most = bits > most ? bits : most;
  }
  memcpy(&peak, &most, sizeof peak);
  return peak;
}

/* A frame into both sides, while it is still in the processor's cache; -1: it doesn't fit. */
static int add_to(Sink *sink, Py_ssize_t i, const float *from, Py_ssize_t length, Py_ssize_t seat) {
  if (seat < 0 || seat >= sink->gains.shape[1] || length > sink->ahead.shape[1] ||
      sink->at > sink->ahead.shape[1] - length) {
    PyErr_SetString(PyExc_ValueError, "a frame that doesn't fit into the mix");
    return -1;
  }
  for (int side = 0; side < 2; side++) {
    float gain = row_of(&sink->gains, side)[seat], *to = row_of(&sink->ahead, side) + sink->at;
    for (Py_ssize_t j = 0; j < length; j++) to[j] += gain * from[j];
  }
  if (i < sink->peaks.shape[1]) row_of(&sink->peaks, 0)[i] = peak_of(from, length);
  return 0;
}

/* The i-th seat that is due; its blocks, or -1. */
static int fill_seat(Py_ssize_t i, PyObject *seat, PyObject *seated, PyObject *out, PyObject *now,
                     PyObject *turned, Sink *sink) {
  PyObject *sender = PyDict_GetItemWithError(seated, seat); /* borrowed */
  if (PyErr_Occurred()) return -1;
  if (!sender || !PyObject_TypeCheck(sender, sender_type)) {
    PyErr_SetString(PyExc_KeyError, "nobody sits there");
    return -1;
  }
  Py_INCREF(sender), Py_INCREF(out);
  int blocks = fill_one((SenderState *)sender, out, now, turned);
  float *samples = blocks > 0 && sink->is_open ? samples_of(out) : NULL;
  if (samples && add_to(sink, i, samples, (Py_ssize_t)blocks * BLOCK, PyLong_AsSsize_t(seat)))
    blocks = -1;
  Py_DECREF(sender), Py_DECREF(out);
  return PyErr_Occurred() ? -1 : blocks;
}

/* voices.fill_due, which says what it does. */
static PyObject *fill_due(PyObject *module, PyObject *args) {
  PyObject *due, *seated, *frames, *now, *turned, *given;
  Sink sink;
  (void)module;
  if (!PyArg_ParseTuple(args, "O!O!O!OO!O", &PyList_Type, &due, &PyDict_Type, &seated, &PyList_Type,
                        &frames, &now, &PyList_Type, &turned, &given))
    return NULL;
  PyObject *counts = open_sink(given, &sink) ? PyList_New(0) : NULL;
  for (Py_ssize_t i = 0; counts && i < PyList_Size(due); i++) {
    PyObject *seat = PyList_GetItem(due, i), *out = PyList_GetItem(frames, i); /* borrowed */
    int blocks = out ? fill_seat(i, seat, seated, out, now, turned, &sink) : -1;
    PyObject *count = blocks < 0 ? NULL : PyLong_FromLong(blocks);
    if (!count || PyList_Append(counts, count)) Py_CLEAR(counts);
    Py_XDECREF(count);
  }
  close_sink(&sink);
  return counts;
}

/* limiter.is_within, which says what it does. */
static PyObject *is_within(PyObject *module, PyObject *args) {
  PyObject *array;
  Py_buffer block;
  float bound;
  (void)module;
  if (!PyArg_ParseTuple(args, "Of", &array, &bound)) return NULL;
  if (!view_of(array, &block, 0)) return NULL;
  int is_true = 1, is_whole = block.strides[0] == block.shape[1] * (Py_ssize_t)sizeof(float);
  Py_ssize_t rows = is_whole ? 1 : block.shape[0];
  Py_ssize_t length = is_whole ? block.shape[0] * block.shape[1] : block.shape[1];
  for (Py_ssize_t row = 0; row < rows; row++) {
    const float *from = row_of(&block, row);
    for (Py_ssize_t i = 0; i < length; i++) is_true &= fabsf(from[i]) <= bound; /* not so of NaN */
  }
  PyBuffer_Release(&block);
  return PyBool_FromLong(is_true);
}

/* levels.peak: of (n, 2). */
static PyObject *peak(PyObject *module, PyObject *array) {
  Py_buffer block;
  float most = 0;
  (void)module;
  if (!view_of(array, &block, 0)) return NULL;
  for (Py_ssize_t row = 0; row < block.shape[0]; row++) {
    float one = peak_of(row_of(&block, row), block.shape[1]);
    if (!(one <= most)) most = one;
  }
  PyBuffer_Release(&block);
  return PyFloat_FromDouble(most);
}

/* mix.interleave: two sides into one block (n, 2). */
static PyObject *interleave(PyObject *module, PyObject *args) {
  PyObject *to, *from;
  Py_buffer block, sides;
  Py_ssize_t at;
  float gain;
  (void)module;
  if (!PyArg_ParseTuple(args, "OOnf", &to, &from, &at, &gain)) return NULL;
  if (!view_of(to, &block, PyBUF_WRITABLE)) return NULL;
  if (view_of(from, &sides, 0)) {
    Py_ssize_t length = block.shape[0];
    if (sides.shape[0] != 2 || block.shape[1] != 2 || at < 0 || length > sides.shape[1] ||
        at > sides.shape[1] - length)
      PyErr_SetString(PyExc_ValueError, "no such block");
    else
      for (int side = 0; side < 2; side++)
        for (Py_ssize_t i = 0; i < length; i++)
          row_of(&block, i)[side] = row_of(&sides, side)[at + i] * gain;
    PyBuffer_Release(&sides);
  }
  PyBuffer_Release(&block);
  if (PyErr_Occurred()) return NULL;
  Py_RETURN_NONE;
}

static PyMethodDef sender_methods[] = {
    {"fill", (PyCFunction)(void (*)(void))sender_fill, METH_FASTCALL, NULL}, {NULL, NULL, 0, NULL}};

/* -- waiting --------------------------------------------------------------------------------- */

#ifdef __linux__
enum { MOST_READY = 1024 }; /* in one round; the others in the next */

/* sockets.EpollWatcher.serve: one datagram from each socket that has one. */
static PyObject *serve(PyObject *module, PyObject *args) {
  PyObject *epoll, *receives, *now;
  struct epoll_event ready[MOST_READY];
  (void)module;
  if (!PyArg_ParseTuple(args, "OO!O", &epoll, &PyDict_Type, &receives, &now)) return NULL;
  int number = PyObject_AsFileDescriptor(epoll);
  if (number < 0) return NULL;
  int count = epoll_wait(number, ready, MOST_READY, 0);
  for (int i = 0; i < count; i++) {
    PyObject *key = PyLong_FromLong(ready[i].data.fd);
    PyObject *receive = key ? PyDict_GetItemWithError(receives, key) : NULL; /* borrowed */
    Py_XDECREF(key);
    if (!receive && PyErr_Occurred()) return NULL;
    if (!receive) continue; /* removed meanwhile */
    Py_INCREF(receive);
    PyObject *done = PyObject_CallFunctionObjArgs(receive, now, NULL);
    Py_DECREF(receive);
    if (!done) return NULL;
    Py_DECREF(done);
  }
  return PyLong_FromLong(count < 0 ? 0 : count);
}
#endif

static PyMethodDef functions[] = {{"is_within", is_within, METH_VARARGS, NULL},
                                  {"peak", peak, METH_O, NULL},
                                  {"interleave", interleave, METH_VARARGS, NULL},
                                  {"fill_due", fill_due, METH_VARARGS, NULL},
#ifdef __linux__
                                  {"serve", serve, METH_VARARGS, NULL},
#endif
                                  {NULL, NULL, 0, NULL}};

/* -- the module ---------------------------------------------------------------------------- */

static PyType_Slot next_slots[] = {{Py_tp_members, next_members},
                                   {Py_tp_new, next_new},
                                   {Py_tp_dealloc, next_dealloc},
                                   {0, NULL}};
static PyType_Slot counts_slots[] = {{Py_tp_members, counts_members},
                                     {Py_tp_richcompare, counts_compare},
                                     {Py_tp_hash, PyObject_HashNotImplemented},
                                     {Py_tp_dealloc, release},
                                     {0, NULL}};
static PyType_Slot histogram_slots[] = {{Py_tp_members, histogram_members},
                                        {Py_tp_methods, histogram_methods},
                                        {Py_tp_new, histogram_new},
                                        {Py_tp_dealloc, release},
                                        {0, NULL}};
static PyType_Slot buffer_slots[] = {{Py_tp_members, buffer_members},
                                     {Py_tp_traverse, buffer_traverse},
                                     {Py_tp_clear, buffer_clear},
                                     {Py_tp_dealloc, buffer_dealloc},
                                     {0, NULL}};
static PyType_Slot decoder_slots[] = {{Py_tp_members, decoder_members},
                                      {Py_tp_dealloc, release},
                                      {0, NULL}};
static PyType_Slot sender_slots[] = {{Py_tp_members, sender_members},
                                     {Py_tp_methods, sender_methods},
                                     {Py_tp_traverse, sender_traverse},
                                     {Py_tp_clear, sender_clear},
                                     {Py_tp_dealloc, sender_dealloc},
                                     {0, NULL}};
static PyType_Slot stream_slots[] = {{Py_tp_members, stream_members},
                                     {Py_tp_methods, stream_methods},
                                     {Py_tp_traverse, stream_traverse},
                                     {Py_tp_clear, stream_clear},
                                     {Py_tp_dealloc, stream_dealloc},
                                     {0, NULL}};

enum { PLAIN = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, OWNING = PLAIN | Py_TPFLAGS_HAVE_GC };

static PyTypeObject *add_type(PyObject *module, const char *name, size_t size, unsigned flags,
                              PyType_Slot *slots) {
  PyType_Spec spec = {name, (int)size, 0, flags, slots};
  PyObject *type = PyType_FromModuleAndSpec(module, &spec, NULL);
  if (!type || PyModule_AddType(module, (PyTypeObject *)type)) return NULL;
  return (PyTypeObject *)type; /* kept: the module is never unloaded */
}

static int add_constants(PyObject *module) {
  PyObject *all = Py_BuildValue(
      "{sisisisisisisisisisisisisisdsdsdsdsdsdsdsdsdsdsdsdsdsdsdsdsdsdsdsdsd}", "LONGEST", LONGEST, "MAX_SEALED", MAX_SEALED,
      "HEADER", HEADER, "RATE", RATE, "SLACK", SLACK, "MAX_PACKETS", MAX_PACKETS, "MAX_UNLEARNT",
      MAX_UNLEARNT, "BLOCK", BLOCK, "MAX_FRAME", MAX_FRAME, "BUCKETS", BUCKETS, "BUCKET_MS",
      BUCKET_MS, "CAP_BUCKET", CAP_BUCKET, "QUIET_BUCKET", QUIET_BUCKET, "MAX_LEAP_MS", MAX_LEAP_MS, "LOOK_EVERY_MS", LOOK_EVERY_MS,
      "SHORTEN_ABOVE_MS", SHORTEN_ABOVE_MS, "SHRINK_EVERY_MS", SHRINK_EVERY_MS, "ROUNDING_MS",
      ROUNDING_MS, "LATE_SHARE", LATE_SHARE, "PATIENT_MS", PATIENT_MS, "LATE_SHARE_PER_MS",
      LATE_SHARE_PER_MS, "HOPELESS_SHARE", HOPELESS_SHARE, "LEAST_KNOWN", LEAST_KNOWN, "WINDOW_MS",
      WINDOW_MS, "PAUSE_MS", PAUSE_MS, "QUIET_FLOOR_MS", QUIET_FLOOR_MS, "FORGETTING", FORGETTING, "FLOOR_MS", FLOOR_MS, "CAP_MS",
      CAP_MS, "BASE_WINDOW_MS", BASE_WINDOW_MS, "JITTER_GAIN", JITTER_GAIN, "MAX_WEIGHT",
      MAX_WEIGHT, "LENGTHEN_BELOW_MS", LENGTHEN_BELOW_MS, "COPY_TICK_MS", COPY_TICK_MS);
  if (!all) return -1;
  int failed = PyModule_AddObjectRef(module, "CONSTANTS", all);
  Py_DECREF(all);
  return failed;
}

static int add_all(PyObject *module) {
  frame_kind = PyUnicode_InternFromString("frame");
  no_bytes = PyBytes_FromStringAndSize(NULL, 0);
  name_take = PyUnicode_InternFromString("_take");
  name_opened = PyUnicode_InternFromString("_take_opened");
  name_refuse = PyUnicode_InternFromString("_refuse");
  name_fill = PyUnicode_InternFromString("_fill");
  name_decoded = PyUnicode_InternFromString("_decoded");
  name_has_turned = PyUnicode_InternFromString("has_turned");
  if (!frame_kind || !no_bytes || !name_take || !name_opened || !name_refuse || !name_fill ||
      !name_decoded || !name_has_turned)
    return -1;
  next_type = add_type(module, "audio.jitter.Next", sizeof(Next), Py_TPFLAGS_DEFAULT, next_slots);
  counts_type = add_type(module, "audio.jitter.Counts", sizeof(Counts), PLAIN, counts_slots);
  buffer_type =
      add_type(module, "audio.jitter.BufferState", sizeof(BufferState), OWNING, buffer_slots);
  decoder_type =
      add_type(module, "audio.codecs.opus.DecoderState", sizeof(DecoderState), PLAIN, decoder_slots);
  sender_type =
      add_type(module, "audio.sender.SenderState", sizeof(SenderState), OWNING, sender_slots);
  histogram_type =
      add_type(module, "audio.delays.Histogram", sizeof(Histogram), PLAIN, histogram_slots);
  if (!next_type || !counts_type || !histogram_type || !buffer_type || !decoder_type || !sender_type) return -1;
  if (!add_type(module, "audio.receive.StreamState", sizeof(StreamState), OWNING, stream_slots))
    return -1;
  return add_constants(module);
}

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "audio._fast", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC INIT_OF(VAKTBORD_MODULE)(void);

PyMODINIT_FUNC INIT_OF(VAKTBORD_MODULE)(void) {
  PyObject *module = PyModule_Create(&definition);
  if (module && add_all(module)) Py_CLEAR(module);
  return module;
}
