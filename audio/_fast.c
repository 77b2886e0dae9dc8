/* The usual case of each packet and frame. What is unusual in any way is left to the Python beside it.
 *
 * Types that hold the state of audio/receiving, recall/gather.py and codecs/opus.py; the Python
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
  MAX_PIECE_BYTES = 512 * 1024, /* gather */
  RECORD = 12,         /* burst */
};
#define MAX_LEAP_MS 2000.0   /* jitter */
#define LOOK_EVERY_MS 100.0  /* jitter */
#define SHORTEN_ABOVE_MS 12.0  /* jitter */
#define LENGTHEN_BELOW_MS 5.0  /* jitter */
#define DELAY_FALL_MS 1.0    /* sender */
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
#define NEXT_MS 150.0        /* gather */
#define MAX_CLOCK_MS 1e15     /* further off is left to Python */
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
  unsigned long long session; /* an address; 0: the stream's */
  char is_beginning, is_active, talking;
} SenderState;

typedef struct {
  PyObject_HEAD
  PyObject *senders, *tap;
  PyObject *last; /* who sent the last packet, one of the senders, or None */
  uint32_t last_ssrc;
  unsigned long long session, next, unprotect; /* addresses; 0: opening is left to Python */
  long long forged;
  int number, payload_type, patience;
  char is_sealed;
} StreamState;

typedef struct {
  PyObject_HEAD
  PyObject *body;
  double until_ms, last_ms;
  long long packets;
} UnderWayState;

typedef struct {
  PyObject_HEAD
  PyObject *senders;
  char is_full;
} TapState;

static PyTypeObject *under_way_type, *tap_type;
static PyTypeObject *next_type, *counts_type, *histogram_type, *buffer_type, *decoder_type, *sender_type;
static PyObject *frame_kind, *no_bytes; /* "frame", b"" */
static PyObject *name_take, *name_opened, *name_failed, *name_switched, *name_fill, *name_decoded, *name_has_turned;

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
    MEMBER(SenderState, session, "session", T_ULONGLONG),
    MEMBER(SenderState, delay_ms, "delay_ms", T_DOUBLE),
    MEMBER(SenderState, is_beginning, "_is_beginning", T_BOOL),
    MEMBER(SenderState, is_active, "is_active", T_BOOL),
    MEMBER(SenderState, talking, "talking", T_BOOL),
    END};

static PyMemberDef stream_members[] = {
    MEMBER(StreamState, senders, "senders", T_OBJECT_EX),
    MEMBER(StreamState, tap, "tap", T_OBJECT_EX),
    MEMBER(StreamState, last, "_last", T_OBJECT),
    MEMBER(StreamState, session, "_session", T_ULONGLONG),
    MEMBER(StreamState, unprotect, "_unprotect", T_ULONGLONG),
    MEMBER(StreamState, next, "_next", T_ULONGLONG),
    MEMBER(StreamState, forged, "forged", T_LONGLONG),
    MEMBER(StreamState, patience, "patience", T_INT),
    MEMBER(StreamState, number, "_number", T_INT),
    MEMBER(StreamState, payload_type, "_payload_type", T_INT),
    MEMBER(StreamState, is_sealed, "_is_sealed", T_BOOL),
    END};

static PyMemberDef under_way_members[] = {
    MEMBER(UnderWayState, body, "body", T_OBJECT_EX),
    MEMBER(UnderWayState, until_ms, "until_ms", T_DOUBLE),
    MEMBER(UnderWayState, last_ms, "last_ms", T_DOUBLE),
    MEMBER(UnderWayState, packets, "packets", T_LONGLONG),
    END};

static PyMemberDef tap_members[] = {
    MEMBER(TapState, senders, "senders", T_OBJECT_EX),
    MEMBER(TapState, is_full, "is_full", T_BOOL),
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
  Py_VISIT(self->last);
  return 0;
}

static int stream_clear(PyObject *o) {
  StreamState *self = (StreamState *)o;
  Py_CLEAR(self->senders);
  Py_CLEAR(self->tap);
  Py_CLEAR(self->last);
  return 0;
}

static int under_way_traverse(PyObject *o, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(o));
  Py_VISIT(((UnderWayState *)o)->body);
  return 0;
}

static int under_way_clear(PyObject *o) {
  Py_CLEAR(((UnderWayState *)o)->body);
  return 0;
}

static int tap_traverse(PyObject *o, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(o));
  Py_VISIT(((TapState *)o)->senders);
  return 0;
}

static int tap_clear(PyObject *o) {
  Py_CLEAR(((TapState *)o)->senders);
  return 0;
}

static void under_way_dealloc(PyObject *self) {
  PyObject_GC_UnTrack(self);
  under_way_clear(self);
  release(self);
}

static void tap_dealloc(PyObject *self) {
  PyObject_GC_UnTrack(self);
  tap_clear(self);
  release(self);
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

/* burst.pack: one packet of a kept burst, in network order. */
static void pack(unsigned char *to, const unsigned char *header, double now_ms,
                 const unsigned char *payload, Py_ssize_t size) {
  uint32_t arrived_ms = (uint32_t)(long long)now_ms;
  memcpy(to, header + 2, 6); /* sequence number and timestamp as they came */
  for (int i = 0; i < 4; i++) to[6 + i] = (unsigned char)(arrived_ms >> (24 - 8 * i));
  to[10] = (unsigned char)(size >> 8), to[11] = (unsigned char)size;
  memcpy(to + RECORD, payload, (size_t)size);
}

/* The burst that goes on, when all is as usual with it; else NULL, and perhaps an error. Borrowed. */
static UnderWayState *under_way(const TapState *tap, uint32_t ssrc, Py_ssize_t more, double now_ms) {
  if (tap->is_full || !tap->senders || !PyDict_Check(tap->senders)) return NULL;
  PyObject *key = PyLong_FromUnsignedLong(ssrc);
  PyObject *found = key ? PyDict_GetItemWithError(tap->senders, key) : NULL; /* borrowed */
  Py_XDECREF(key);
  if (!found || !PyObject_TypeCheck(found, under_way_type)) return NULL;
  UnderWayState *one = (UnderWayState *)found;
  if (!one->body || !PyByteArray_Check(one->body)) return NULL;
  if (!(fabs(now_ms) < MAX_CLOCK_MS && now_ms - one->last_ms < NEXT_MS &&
        now_ms < one->until_ms))
    return NULL;
  return PyByteArray_Size(one->body) + more < MAX_PIECE_BYTES ? one : NULL;
}

/* Tap.__call__ for the next packet of a burst. 1: kept; 0: unusual, nothing was changed; -1: an error. */
static int keep_usual(const TapState *tap, const unsigned char *data, Py_ssize_t size,
                      double now_ms) {
  Py_ssize_t more = RECORD + size - HEADER;
  UnderWayState *one = under_way(tap, read_32(data + 8), more, now_ms);
  if (!one) return PyErr_Occurred() ? -1 : 0;
  Py_ssize_t at = PyByteArray_Size(one->body);
  if (PyByteArray_Resize(one->body, at + more)) return -1;
  pack((unsigned char *)PyByteArray_AsString(one->body) + at, data, now_ms, data + HEADER,
       size - HEADER);
  one->last_ms = now_ms;
  one->packets++;
  return 1;
}

/* A packet that was put into a buffer, for recall. */
static int show_tap(StreamState *self, const unsigned char *data, Py_ssize_t size, PyObject *payload,
                    PyObject *now, double now_ms) {
  if (!self->tap || self->tap == Py_None) return 0;
  int kept = PyObject_TypeCheck(self->tap, tap_type)
                 ? keep_usual((TapState *)self->tap, data, size, now_ms)
                 : 0;
  if (kept) return kept < 0 ? -1 : 0;
  PyObject *tap = Py_NewRef(self->tap);
  unsigned sequence = (unsigned)(data[2] << 8 | data[3]);
  PyObject *done = PyObject_CallFunction(tap, "IkkOO", sequence, (unsigned long)read_32(data + 4),
                                         (unsigned long)read_32(data + 8), payload, now);
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

/* The sender of this SSRC; NULL: there is none, or an error. Borrowed. */
static SenderState *sender_of(StreamState *self, uint32_t ssrc) {
  PyObject *found = self->last;
  if (!found || found == Py_None || self->last_ssrc != ssrc) {
    PyObject *key = PyLong_FromUnsignedLong(ssrc);
    found = key ? PyDict_GetItemWithError(self->senders, key) : NULL; /* borrowed */
    Py_XDECREF(key);
    if (!found || !PyObject_TypeCheck(found, sender_type)) return NULL;
    PyObject *before = self->last;
    self->last = Py_NewRef(found);
    self->last_ssrc = ssrc;
    Py_XDECREF(before);
  }
  return (SenderState *)found;
}

/* A plain RTP packet, whole and opened. 1: taken; 0: unusual, nothing was changed; -1: an error. */
static int put_usual(StreamState *self, const unsigned char *data, Py_ssize_t size, PyObject *now) {
  if (size < HEADER || data[0] != 0x80 || !self->senders || !PyDict_Check(self->senders)) return 0;
  SenderState *sender = sender_of(self, read_32(data + 8));
  if (!sender || !sender->is_active) return PyErr_Occurred() ? -1 : 0;
  BufferState *buffer = usual_buffer(sender);
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
  if (!failed) failed = show_tap(self, data, size, payload, now, now_ms);
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
    unsigned char sealed[MAX_SEALED]; /* what fails is spoilt, and tried again with other keys */
    int length = (int)size;
    if (!self->session || !self->unprotect || size < HEADER || size > MAX_SEALED ||
        !self->senders || !PyDict_Check(self->senders))
      return hand_on(o, name_take, data.bytes, size, now);
    SenderState *known = sender_of(self, read_32(data.bytes + 8));
    if (!known && PyErr_Occurred()) return NULL;
    uint64_t session = known && known->session ? known->session : self->session;
    memcpy(sealed, data.bytes, (size_t)size);
    unprotect_fn unprotect = (unprotect_fn)(uintptr_t)self->unprotect;
    if (unprotect((void *)(uintptr_t)session, data.bytes, &length) || length < 0 || length > size) {
      if (self->patience > 0) {
        self->patience--;
        return hand_on(o, name_failed, sealed, size, now);
      }
      uint64_t likely = session == self->session ? self->next : self->session;
      memcpy(data.bytes, sealed, (size_t)size);
      length = (int)size;
      if (likely && likely != session &&
          !unprotect((void *)(uintptr_t)likely, data.bytes, &length) && length >= 0 && length <= size)
        return hand_on(o, name_switched, data.bytes, length, now);
      self->forged++;
      Py_RETURN_NONE;
    }
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
    double waited_ms = now_ms - next->arrived_ms, fallen_ms = self->delay_ms - DELAY_FALL_MS;
    self->delay_ms = waited_ms > fallen_ms ? waited_ms : fallen_ms;
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

/* mix.Sink: what is made ahead, where in it a frame begins, the gains by seat that are wanted and those
 * that there are, whether these differ, and for the peaks of the frames (1, n) in their order. */
typedef struct {
  Py_buffer ahead, wanted, gains, peaks;
  Py_ssize_t at;
  int is_moving, open; /* how many of the four are held */
} Sink;

static void close_sink(Sink *sink) {
  Py_buffer *views[] = {&sink->ahead, &sink->wanted, &sink->gains, &sink->peaks};
  while (sink->open > 0) PyBuffer_Release(views[--sink->open]);
}

/* None: nothing is to be mixed here. 0 and an error when it is neither. */
static int open_sink(PyObject *given, Sink *sink) {
  PyObject *ahead, *wanted, *gains, *peaks;
  sink->open = 0;
  if (given == Py_None) return 1;
  if (!PyArg_ParseTuple(given, "OnOOpO", &ahead, &sink->at, &wanted, &gains, &sink->is_moving, &peaks))
    return 0;
  sink->open += view_of(ahead, &sink->ahead, PyBUF_WRITABLE);
  if (sink->open == 1) sink->open += view_of(wanted, &sink->wanted, 0);
  if (sink->open == 2) sink->open += view_of(gains, &sink->gains, PyBUF_WRITABLE);
  if (sink->open == 3) sink->open += view_of(peaks, &sink->peaks, PyBUF_WRITABLE);
  Py_ssize_t sides = sink->open == 4 ? sink->ahead.shape[0] : 0;
  if ((sides == 2 || sides == 4) && sink->wanted.shape[0] == sides && sink->gains.shape[0] == sides &&
      sink->gains.shape[1] >= sink->wanted.shape[1] && sink->at >= 0)
    return 1;
  close_sink(sink);
  if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "a sink has two sides for each bus");
  return 0;
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

/* Mixer.add's ramp: the first block moves from the gain that there is to the one that is wanted. */
static void ramp_to(float *to, const float *from, float old, float wanted) {
  for (int i = 0; i < BLOCK; i++) {
    float was = old * from[i];
    to[i] += was + (wanted * from[i] - was) * ((float)(i + 1) / BLOCK);
  }
}

/* A frame into all sides, while it is still in the processor's cache; -1: it doesn't fit. */
static int add_to(Sink *sink, Py_ssize_t i, const float *from, Py_ssize_t length, Py_ssize_t seat) {
  if (seat < 0 || seat >= sink->wanted.shape[1] || length < BLOCK || length > sink->ahead.shape[1] ||
      sink->at > sink->ahead.shape[1] - length) {
    PyErr_SetString(PyExc_ValueError, "a frame that doesn't fit into the mix");
    return -1;
  }
  for (Py_ssize_t side = 0; side < sink->ahead.shape[0]; side++) {
    float *gain = row_of(&sink->gains, side) + seat, wanted = row_of(&sink->wanted, side)[seat];
    float *to = row_of(&sink->ahead, side) + sink->at;
    if (wanted == 0 && *gain == 0) continue; /* with two devices, most are heard on one alone */
    Py_ssize_t j = 0;
    if (sink->is_moving && *gain != wanted) ramp_to(to, from, *gain, wanted), j = BLOCK;
    for (; j < length; j++) to[j] += wanted * from[j];
    if (sink->is_moving) *gain = wanted;
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
  float *samples = blocks > 0 && sink->open ? samples_of(out) : NULL;
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

enum { POINTS = 64, MOST_TAPS = 16 };

/* The highest of one side's interpolated points, and of the samples, about each of so many. */
static void raise_peaks(float *peaks, const float *from, int count, const Py_buffer *weights,
                        int middle) {
  float points[POINTS];
  for (int phase = 0; phase < (int)weights->shape[0]; phase++) {
    const float *weight = row_of(weights, phase);
    for (int i = 0; i < POINTS; i++) points[i] = 0;
    for (int tap = 0; tap < (int)weights->shape[1]; tap++)
      for (int i = 0; i < POINTS; i++) points[i] += weight[tap] * from[tap + i];
    for (int i = 0; i < count; i++) peaks[i] = fabsf(points[i]) > peaks[i] ? fabsf(points[i]) : peaks[i];
  }
  for (int i = 0; i < count; i++) {
    float sample = fabsf(from[middle + i]);
    peaks[i] = sample > peaks[i] ? sample : peaks[i];
  }
}

/* limiter.raise_to_peaks, which says what it does. */
static PyObject *raise_to_peaks(PyObject *module, PyObject *args) {
  PyObject *to, *from, *by;
  Py_buffer peaks, sound, weights;
  (void)module;
  if (!PyArg_ParseTuple(args, "OOO", &to, &from, &by)) return NULL;
  if (!view_of(to, &peaks, PyBUF_WRITABLE)) return NULL;
  if (!view_of(from, &sound, 0)) {
    PyBuffer_Release(&peaks);
    return NULL;
  }
  if (!view_of(by, &weights, 0)) {
    PyBuffer_Release(&peaks), PyBuffer_Release(&sound);
    return NULL;
  }
  Py_ssize_t count = peaks.shape[1], taps = weights.shape[1];
  if (peaks.shape[0] != 1 || sound.shape[1] != 2 || taps < 1 || taps > MOST_TAPS ||
      sound.shape[0] < count + taps - 1)
    PyErr_SetString(PyExc_ValueError, "no such peaks");
  for (Py_ssize_t at = 0; at < count && !PyErr_Occurred(); at += POINTS) {
    float line[POINTS + MOST_TAPS] = {0};
    int part = count - at < POINTS ? (int)(count - at) : POINTS;
    for (int side = 0; side < 2; side++) {
      for (int i = 0; i < part + (int)taps - 1; i++) line[i] = row_of(&sound, at + i)[side];
      raise_peaks(row_of(&peaks, 0) + at, line, part, &weights, (int)taps / 2);
    }
  }
  PyBuffer_Release(&peaks), PyBuffer_Release(&sound), PyBuffer_Release(&weights);
  if (PyErr_Occurred()) return NULL;
  Py_RETURN_NONE;
}

enum { LANES = 16 }; /* sums side by side, which the compiler makes vectors of */

static float product(const float *a, const float *b, Py_ssize_t count) {
  float sums[LANES] = {0}, sum = 0;
  Py_ssize_t i = 0;
  for (; i + LANES <= count; i += LANES)
    for (int lane = 0; lane < LANES; lane++) sums[lane] += a[i + lane] * b[i + lane];
  for (; i < count; i++) sum += a[i] * b[i];
  for (int lane = 0; lane < LANES; lane++) sum += sums[lane];
  return sum;
}

/* What a buffer of numbers is; 0 and an error when it isn't that. */
static int numbers_of(PyObject *array, Py_buffer *view, int dimensions, const char *formats,
                      Py_ssize_t size, int flags) {
  if (PyObject_GetBuffer(array, view, flags | PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)) return 0;
  if (view->ndim == dimensions && view->format && view->format[0] && !view->format[1] &&
      strchr(formats, view->format[0]) && view->itemsize == size)
    return 1;
  PyBuffer_Release(view);
  PyErr_SetString(PyExc_TypeError, "other numbers than these are wanted");
  return 0;
}

/* One measurement of a talker, as loudness.add_up has it. */
static void add_measurement(double *sums, double floor, double gate, double now) {
  int is_speech = now > floor;
  sums[0] += now * is_speech;
  sums[1] += is_speech;
  sums[2] += now > gate;
  sums[3] += now;
  sums[4] += sqrt(now);
  sums[5] += now >= 0.0;
}

typedef struct {
  Py_ssize_t lag;
  double same, lagged, gate;
} Weighting;

static void add_rows(const Py_buffer *sums, const Py_buffer *floors, const Py_buffer *talkers,
                     const Py_buffer *rows, const Weighting *by) {
  Py_ssize_t count = rows->shape[1];
  for (Py_ssize_t i = 0; i < rows->shape[0]; i++) {
    Py_ssize_t talker = ((Py_ssize_t *)talkers->buf)[i];
    if (talker < 0 || talker >= sums->shape[0] || talker >= floors->shape[0]) {
      PyErr_SetString(PyExc_ValueError, "no such talker");
      return;
    }
    const float *row = row_of(rows, i);
    double now = (by->same * product(row, row, count) -
                  by->lagged * product(row + by->lag, row, count - by->lag)) /
                 (double)count;
    add_measurement((double *)sums->buf + talker * sums->shape[1],
                    ((double *)floors->buf)[talker], by->gate, now);
  }
}

/* loudness.add_up, which says what it does. */
static PyObject *add_up(PyObject *module, PyObject *args) {
  PyObject *to, *from, *who, *blocks;
  Py_buffer views[4];
  Weighting by;
  int open = 0;
  (void)module;
  if (!PyArg_ParseTuple(args, "OOOOnddd", &to, &from, &who, &blocks, &by.lag, &by.same, &by.lagged,
                        &by.gate))
    return NULL;
  open += numbers_of(to, &views[0], 2, "d", sizeof(double), PyBUF_WRITABLE);
  if (open == 1) open += numbers_of(from, &views[1], 1, "d", sizeof(double), 0);
  if (open == 2) open += numbers_of(who, &views[2], 1, "lqn", sizeof(Py_ssize_t), 0);
  if (open == 3) open += view_of(blocks, &views[3], 0);
  if (open == 4 && (views[0].shape[1] != 6 || views[2].shape[0] != views[3].shape[0] ||
                    by.lag < 0 || by.lag > views[3].shape[1] || !views[3].shape[1]))
    PyErr_SetString(PyExc_ValueError, "no such measurements");
  if (open == 4 && !PyErr_Occurred()) add_rows(&views[0], &views[1], &views[2], &views[3], &by);
  while (open > 0) PyBuffer_Release(&views[--open]);
  if (PyErr_Occurred()) return NULL;
  Py_RETURN_NONE;
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

/* limiter.pass_on, which says what it does. */
static PyObject *pass_on(PyObject *module, PyObject *args) {
  PyObject *held, *block, *to;
  Py_buffer views[3];
  int open = 0;
  (void)module;
  if (!PyArg_ParseTuple(args, "OOO", &held, &block, &to)) return NULL;
  open += numbers_of(held, &views[0], 2, "f", sizeof(float), PyBUF_WRITABLE);
  if (open == 1) open += numbers_of(block, &views[1], 2, "f", sizeof(float), 0);
  if (open == 2) open += numbers_of(to, &views[2], 2, "f", sizeof(float), PyBUF_WRITABLE);
  if (open == 3 && (views[0].shape[1] != views[1].shape[1] || views[1].len != views[2].len))
    PyErr_SetString(PyExc_ValueError, "no such line");
  if (open == 3 && !PyErr_Occurred()) {
    char *line = views[0].buf, *out = views[2].buf;
    const char *in = views[1].buf;
    Py_ssize_t delay = views[0].len, count = views[1].len, rest = delay - count;
    memcpy(out, line, (size_t)(rest > 0 ? count : delay));
    if (rest > 0) {
      memmove(line, line + count, (size_t)rest);
      memcpy(line + rest, in, (size_t)count);
    } else {
      memcpy(out + delay, in, (size_t)-rest);
      memcpy(line, in - rest, (size_t)delay);
    }
  }
  while (open > 0) PyBuffer_Release(&views[--open]);
  if (PyErr_Occurred()) return NULL;
  Py_RETURN_NONE;
}

/* levels.show_peaks, which says what it does. */
static PyObject *show_peaks(PyObject *module, PyObject *args) {
  PyObject *to, *which, *from;
  Py_buffer table, slots, peaks;
  float floor;
  (void)module;
  if (!PyArg_ParseTuple(args, "OOOf", &to, &which, &from, &floor)) return NULL;
  if (PyObject_GetBuffer(to, &table, PyBUF_WRITABLE | PyBUF_STRIDES | PyBUF_FORMAT)) return NULL;
  int open = 1;
  open += numbers_of(which, &slots, 1, "lqn", sizeof(Py_ssize_t), 0);
  if (open == 2) open += numbers_of(from, &peaks, 1, "f", sizeof(float), 0);
  if (open == 3 && (table.ndim != 1 || !table.format || strcmp(table.format, "f") ||
                    slots.shape[0] != peaks.shape[0]))
    PyErr_SetString(PyExc_ValueError, "no such levels");
  for (Py_ssize_t i = 0; open == 3 && !PyErr_Occurred() && i < slots.shape[0]; i++) {
    Py_ssize_t slot = ((Py_ssize_t *)slots.buf)[i];
    float peak = ((float *)peaks.buf)[i];
    if (slot >= 0 && slot < table.shape[0])
      *(float *)((char *)table.buf + slot * table.strides[0]) =
          20 * log10f(peak < floor ? floor : peak);
    else
      PyErr_SetString(PyExc_IndexError, "no such slot");
  }
  PyBuffer_Release(&table);
  if (open > 1) PyBuffer_Release(&slots);
  if (open > 2) PyBuffer_Release(&peaks);
  if (PyErr_Occurred()) return NULL;
  Py_RETURN_NONE;
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

/* The stream whose compiled ``receive`` this is, else NULL. Borrowed. */
static StreamState *stream_of(PyObject *receive) {
  if (!receive || !PyCFunction_Check(receive)) return NULL;
  if (PyCFunction_GetFunction(receive) != stream_receive) return NULL;
  return (StreamState *)PyCFunction_GetSelf(receive);
}

/* The sockets that are ready: what receives from each; NULL for one that has been removed. */
static int find_receives(const struct epoll_event *ready, int count, PyObject *receives,
                         PyObject **found) {
  for (int i = 0; i < count; i++) {
    PyObject *key = PyLong_FromLong(ready[i].data.fd);
    found[i] = key ? PyDict_GetItemWithError(receives, key) : NULL;
    Py_XINCREF(found[i]);
    Py_XDECREF(key);
    if (!found[i] && PyErr_Occurred()) return i;
  }
  return count;
}

/* One datagram; -1: an error. */
static int receive_from(PyObject *receive, PyObject *now) {
  StreamState *stream = stream_of(receive);
  PyObject *done = stream ? stream_receive((PyObject *)stream, now)
                          : PyObject_CallFunctionObjArgs(receive, now, NULL);
  Py_XDECREF(done);
  return done ? 0 : -1;
}

/* sockets.EpollWatcher.serve: one datagram from each socket that has one. */
static PyObject *serve(PyObject *module, PyObject *args) {
  PyObject *epoll, *receives, *now, *found[MOST_READY];
  struct epoll_event ready[MOST_READY];
  (void)module;
  if (!PyArg_ParseTuple(args, "OO!O", &epoll, &PyDict_Type, &receives, &now)) return NULL;
  int number = PyObject_AsFileDescriptor(epoll);
  if (number < 0) return NULL;
  int count = epoll_wait(number, ready, MOST_READY, 0), failed = 0;
  if (count <= 0) return PyLong_FromLong(0);
  int known = find_receives(ready, count, receives, found);
  if (known < count) failed = -1;
  for (int i = 0; i < known; i++) {
    if (!failed && found[i]) failed = receive_from(found[i], now);
    Py_XDECREF(found[i]);
  }
  return failed ? NULL : PyLong_FromLong(count);
}
#endif

static PyMethodDef functions[] = {{"is_within", is_within, METH_VARARGS, NULL},
                                  {"peak", peak, METH_O, NULL},
                                  {"interleave", interleave, METH_VARARGS, NULL},
                                  {"pass_on", pass_on, METH_VARARGS, NULL},
                                  {"show_peaks", show_peaks, METH_VARARGS, NULL},
                                  {"raise_to_peaks", raise_to_peaks, METH_VARARGS, NULL},
                                  {"add_up", add_up, METH_VARARGS, NULL},
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
static PyType_Slot under_way_slots[] = {{Py_tp_members, under_way_members},
                                        {Py_tp_traverse, under_way_traverse},
                                        {Py_tp_clear, under_way_clear},
                                        {Py_tp_dealloc, under_way_dealloc},
                                        {0, NULL}};
static PyType_Slot tap_slots[] = {{Py_tp_members, tap_members},
                                  {Py_tp_traverse, tap_traverse},
                                  {Py_tp_clear, tap_clear},
                                  {Py_tp_dealloc, tap_dealloc},
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

#define WHOLE(name) {#name, 1, name, 0}
#define REAL(name) {#name, 0, 0, name}

/* Those that are in Python as well, for the test that compares them. */
static const struct {
  const char *name;
  int is_whole;
  long long whole;
  double real;
} constants[] = {
    WHOLE(LONGEST), WHOLE(MAX_SEALED), WHOLE(HEADER), WHOLE(RATE), WHOLE(SLACK), WHOLE(MAX_PACKETS),
    WHOLE(MAX_UNLEARNT), WHOLE(BLOCK), WHOLE(MAX_FRAME), WHOLE(BUCKETS), WHOLE(BUCKET_MS),
    WHOLE(MAX_PIECE_BYTES), WHOLE(RECORD), WHOLE(CAP_BUCKET), WHOLE(QUIET_BUCKET),
    REAL(MAX_LEAP_MS), REAL(LOOK_EVERY_MS), REAL(SHORTEN_ABOVE_MS), REAL(SHRINK_EVERY_MS),
    REAL(ROUNDING_MS), REAL(LATE_SHARE), REAL(PATIENT_MS), REAL(LATE_SHARE_PER_MS),
    REAL(HOPELESS_SHARE), REAL(LEAST_KNOWN), REAL(WINDOW_MS), REAL(PAUSE_MS), REAL(QUIET_FLOOR_MS),
    REAL(FORGETTING), REAL(FLOOR_MS), REAL(CAP_MS), REAL(BASE_WINDOW_MS), REAL(JITTER_GAIN),
    REAL(MAX_WEIGHT), REAL(LENGTHEN_BELOW_MS), REAL(COPY_TICK_MS), REAL(NEXT_MS),
    REAL(DELAY_FALL_MS),
};

static int add_constants(PyObject *module) {
  PyObject *all = PyDict_New();
  int failed = all ? 0 : -1;
  for (size_t i = 0; !failed && i < sizeof constants / sizeof *constants; i++) {
    PyObject *value = constants[i].is_whole ? PyLong_FromLongLong(constants[i].whole)
                                            : PyFloat_FromDouble(constants[i].real);
    failed = value ? PyDict_SetItemString(all, constants[i].name, value) : -1;
    Py_XDECREF(value);
  }
  if (!failed) failed = PyModule_AddObjectRef(module, "CONSTANTS", all);
  Py_XDECREF(all);
  return failed;
}

static int add_all(PyObject *module) {
  frame_kind = PyUnicode_InternFromString("frame");
  no_bytes = PyBytes_FromStringAndSize(NULL, 0);
  name_take = PyUnicode_InternFromString("_take");
  name_opened = PyUnicode_InternFromString("_take_opened");
  name_failed = PyUnicode_InternFromString("_take_failed");
  name_switched = PyUnicode_InternFromString("_take_switched");
  name_fill = PyUnicode_InternFromString("_fill");
  name_decoded = PyUnicode_InternFromString("_decoded");
  name_has_turned = PyUnicode_InternFromString("has_turned");
  if (!frame_kind || !no_bytes || !name_take || !name_opened || !name_failed || !name_switched || !name_fill ||
      !name_decoded || !name_has_turned)
    return -1;
  next_type = add_type(module, "audio.receiving.jitter.Next", sizeof(Next), Py_TPFLAGS_DEFAULT, next_slots);
  counts_type = add_type(module, "audio.receiving.jitter.Counts", sizeof(Counts), PLAIN, counts_slots);
  buffer_type =
      add_type(module, "audio.receiving.jitter.BufferState", sizeof(BufferState), OWNING, buffer_slots);
  decoder_type =
      add_type(module, "audio.codecs.opus.DecoderState", sizeof(DecoderState), PLAIN, decoder_slots);
  sender_type =
      add_type(module, "audio.receiving.sender.SenderState", sizeof(SenderState), OWNING, sender_slots);
  histogram_type =
      add_type(module, "audio.receiving.delays.Histogram", sizeof(Histogram), PLAIN, histogram_slots);
  under_way_type = add_type(module, "audio.recall.gather.UnderWayState", sizeof(UnderWayState),
                            OWNING, under_way_slots);
  tap_type = add_type(module, "audio.recall.gather.TapState", sizeof(TapState), OWNING, tap_slots);
  if (!under_way_type || !tap_type) return -1;
  if (!next_type || !counts_type || !histogram_type || !buffer_type || !decoder_type || !sender_type) return -1;
  if (!add_type(module, "audio.receiving.receive.StreamState", sizeof(StreamState), OWNING, stream_slots))
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
