// Put before an example, it makes one program of the two: with a version it has a licence in a thread of its own that is
// driven by lines, or is the other example if that is "report"; else it is the example. To compile them apart would
// take three times as long.
#pragma once

#include "driven.hpp"

#define main report
#include "../examples/report.cpp"
#undef main

int example();

int main(int count, char** words) {
    if (count != 2) return example();
    const std::string what = words[1];
    if (what == "exit" || what == "exit of OpenSSL") return cloud_licence::run_to_exit(what != "exit");
    return what == "report" ? report() : cloud_licence::run_in_background(what);
}

#define main example
