// Put before an example, it makes one program of the two: with a version it has a licence in a thread of its own that is
// driven by lines, else it is the example. To compile them apart would take twice as long.
#pragma once

#include "driven.hpp"

int example();

int main(int count, char** words) { return count == 2 ? cloud_licence::run_in_background(words[1]) : example(); }

#define main example
