/* The licence of a program, for C and all that can call C. Nothing here waits for a server but cl_wait and cl_doctor
 * (and cl_read_lease for another of the user's programs, while that one asks), and no exception crosses. Texts are UTF-8 and end in a zero; those that are too long for their place are cut between
 * two letters. Set `size` of each struct to its sizeof: a later library knows by it what you know. */
#ifndef CLOUD_LICENCE_H
#define CLOUD_LICENCE_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32) && defined(CLOUD_LICENCE_BUILDS)
#define CL_API __declspec(dllexport)
#elif defined(_WIN32)
#define CL_API __declspec(dllimport)
#elif defined(__GNUC__)
#define CL_API __attribute__((visibility("default")))
#else
#define CL_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cl_licence cl_licence;

/* What a call says. The numbers never change. */
enum {
    CL_OK = 0,
    CL_NOTHING = 1,             /* cl_poll: nothing has changed */
    CL_WRONG_ARGUMENT = 2,      /* a null pointer, a struct whose size is none, or a program that is none */
    CL_FAILED = 3,              /* no memory, no disk, a store that another window holds */
    CL_WRONG_SERIAL_NUMBER = 4, /* a typing error; nothing was kept */
    CL_WRONG_PRODUCT_KEY = 5,
    CL_WRONG_ADDRESS = 6        /* since 1.2: none of HTTP; nothing was kept */
};

/* How things stand. Only `is_open` decides whether the window may be open; once it is, it stays so. */
enum {
    CL_STARTING = 0,
    CL_LICENSED = 1,
    CL_UNREACHABLE = 2,  /* open, on its lease until grace_until */
    CL_GRACE_OVER = 3,   /* stays open; will not open again offline */
    CL_DENIED = 4,
    CL_RELEASED = 5,     /* stays open; its session is gone, and it asks anew */
    CL_KEY_REPLACED = 6
};

/* What a lease says. */
enum {
    CL_LEASE_RUNS = 0,      /* it opens the program without a network */
    CL_LEASE_OVER = 1,
    CL_LEASE_NOT_YET = 2,   /* the clock is behind the time at which it was signed */
    CL_LEASE_NOT_VALID = 3, /* `why` says what is wrong with it */
    CL_LEASE_NONE = 4       /* there is none on this computer */
};

typedef struct cl_program {
    size_t size;
    const char *version;           /* of the program, such as "16.0.02": cl_open needs it */
    const char *vendor, *product;  /* whose policy and store, names of folders; null: Elecosoft, Powerproject */
    const char *software;          /* the code of the product to ask for; null: whatever the licence is for */
    const char *features;          /* needed, with commas between; null: none */
    const char *optional_features; /* asked for, and it can do without */
    const char *pinned_keys;       /* a JSON list of keys (JWK) that were built in; null or []: those of the service */
    const char *language;          /* such as "de"; null: what the computer says */
    void (*changed)(void *context); /* called in the licence's thread when something has: then cl_poll; may be null */
    void *context;
} cl_program;

typedef struct cl_status {
    size_t size;
    int32_t state;
    int32_t is_open;
    int32_t is_asking;     /* before the first answer */
    int32_t new_key_waits; /* it counts from the next start */
    double grace_until;    /* seconds since 1970 */
    char code[64];
    char licence_name[256];
    char message[2048];    /* what the user reads */
    char contact[1024];    /* whom to ask, below it */
    char reference[128];   /* what support looks up, below that */
    char notices[2048];
    char features[1024];   /* that the session has, with commas between */
    char can_do_without[1024];
} cl_status;

typedef struct cl_lease { /* since 1.1 */
    size_t size;
    int32_t verdict;
    double signed_at;    /* seconds since 1970, and so is `until` */
    double until;
    char why[32];        /* such as "signature", "foreign": of another machine or user, "product" */
    char features[1024]; /* with commas between */
} cl_lease;

CL_API const char *cl_version(void); /* of the library, such as "1.2.0" */

CL_API int cl_open(const cl_program *program, cl_licence **licence); /* begins, and waits for nothing */
CL_API int cl_get(cl_licence *licence, cl_status *status);
CL_API int cl_poll(cl_licence *licence, cl_status *status); /* the oldest change that was not polled yet */
CL_API int cl_wait(cl_licence *licence, double seconds, cl_status *status); /* for the first answer */
CL_API int cl_look(cl_licence *licence); /* the computer woke, or a network is there: asks now, or 5 s after it last did */
CL_API int cl_try_again(cl_licence *licence); /* a button of that name: asks now, whatever the time to ask again */
CL_API int cl_go_without(cl_licence *licence); /* the features that are not to be had */
CL_API int cl_take(cl_licence *licence, const char *features); /* more, while it is open */
CL_API int cl_move(cl_licence *licence); /* Move Licence */
CL_API void cl_close(cl_licence *licence); /* gives the seat back, in less than a fifth of a second; null is taken. The handle is gone then: no call takes it */

CL_API int cl_enter(const cl_program *program, const char *serial_number, const char *product_key);
/* Since 1.2: the address of the service, such as "https://licensing.example.com", into the user's own entry, as cl_enter
 * does with the keys. It counts from the next start, and where no policy and no preference of the machine has one. */
CL_API int cl_enter_address(const cl_program *program, const char *address);
/* Since 1.1: what somebody typed as it is written, with its zero: 15 bytes and 36. Nothing is kept. */
CL_API int cl_read_serial_number(const char *typed, char *text, size_t size);
CL_API int cl_read_product_key(const char *typed, char *text, size_t size);
/* Since 1.1: what a lease says at a time, or now by the service's clock if `at` is 0; null: the one that this user's
 * programs keep here, which tells how long they open offline. No seat is taken. */
CL_API int cl_read_lease(const cl_program *program, const char *lease, double at, cl_lease *found);
/* A report for support. `size` is that of the place; afterwards what it takes, the zero included. */
CL_API int cl_doctor(const cl_program *program, char *text, size_t *size);

#ifdef __cplusplus
}
#endif

#endif
