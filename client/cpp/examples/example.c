/* A licensed program in C: opens, says how things stand, works, gives the seat back. */
#include <stdio.h>
#include <string.h>

#include <cloud_licence.h>

/* A program without a window has nothing to do before the first answer. */
static void wait_for_answer(cl_licence *licence, cl_status *now) {
    cl_wait(licence, 15, now);
    while (cl_poll(licence, now) == CL_OK) {}
}

static void show(const cl_status *now) {
    printf("%s%s\n", now->message, now->is_open ? "" : " (shut)");
    if (*now->contact) printf("%s\n", now->contact);
    if (*now->reference) printf("%s\n", now->reference);
    fflush(stdout);
}

int main(int count, char **words) {
    cl_program me = {.size = sizeof me, .version = "16.0.02", .optional_features = "bim"};
    cl_status now = {.size = sizeof now};
    cl_licence *licence = NULL;
    char line[256];

    if (count == 4 && !strcmp(words[1], "enter")) return cl_enter(&me, words[2], words[3]);
    if (cl_open(&me, &licence) != CL_OK) return 1;
    wait_for_answer(licence, &now);
    show(&now);
    if (!now.is_open && *now.can_do_without) {
        cl_go_without(licence);
        wait_for_answer(licence, &now);
        show(&now);
    }
    while (now.is_open && fgets(line, sizeof line, stdin)) {
        while (cl_poll(licence, &now) == CL_OK) show(&now);
        printf("working: %s", line);
        fflush(stdout);
    }
    cl_close(licence);
    return now.is_open ? 0 : 3;
}
