/* What programs that were built with version 1 rely on. Lines are only ever added: a struct grows at its end. */
#include "cloud_licence.h"

#define STAYS(what, where) _Static_assert((what) == (where), "a program that is out there would break")
#define AT(type, field, where) STAYS(offsetof(type, field), where)

#if UINTPTR_MAX > 0xFFFFFFFF
STAYS(sizeof(cl_program), 88);
AT(cl_program, size, 0);
AT(cl_program, version, 8);
AT(cl_program, vendor, 16);
AT(cl_program, product, 24);
AT(cl_program, software, 32);
AT(cl_program, features, 40);
AT(cl_program, optional_features, 48);
AT(cl_program, pinned_keys, 56);
AT(cl_program, language, 64);
AT(cl_program, changed, 72);
AT(cl_program, context, 80);

STAYS(sizeof(cl_status), 7648);
AT(cl_status, size, 0);
AT(cl_status, state, 8);
AT(cl_status, is_open, 12);
AT(cl_status, is_asking, 16);
AT(cl_status, new_key_waits, 20);
AT(cl_status, grace_until, 24);
AT(cl_status, code, 32);
AT(cl_status, licence_name, 96);
AT(cl_status, message, 352);
AT(cl_status, contact, 2400);
AT(cl_status, reference, 3424);
AT(cl_status, notices, 3552);
AT(cl_status, features, 5600);
AT(cl_status, can_do_without, 6624);

STAYS(sizeof(cl_lease), 1088);
AT(cl_lease, size, 0);
AT(cl_lease, verdict, 8);
AT(cl_lease, signed_at, 16);
AT(cl_lease, until, 24);
AT(cl_lease, why, 32);
AT(cl_lease, features, 64);
#endif

STAYS(CL_OK, 0);
STAYS(CL_NOTHING, 1);
STAYS(CL_WRONG_ARGUMENT, 2);
STAYS(CL_FAILED, 3);
STAYS(CL_WRONG_SERIAL_NUMBER, 4);
STAYS(CL_WRONG_PRODUCT_KEY, 5);
STAYS(CL_WRONG_ADDRESS, 6);
STAYS(CL_STARTING, 0);
STAYS(CL_LICENSED, 1);
STAYS(CL_UNREACHABLE, 2);
STAYS(CL_GRACE_OVER, 3);
STAYS(CL_DENIED, 4);
STAYS(CL_RELEASED, 5);
STAYS(CL_KEY_REPLACED, 6);
STAYS(CL_LEASE_RUNS, 0);
STAYS(CL_LEASE_OVER, 1);
STAYS(CL_LEASE_NOT_YET, 2);
STAYS(CL_LEASE_NOT_VALID, 3);
STAYS(CL_LEASE_NONE, 4);
