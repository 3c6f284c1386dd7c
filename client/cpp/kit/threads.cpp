// A program with a licence in a thread of its own, driven by lines: for whoever watches what threads share.
#include "driven.hpp"

int main(int count, char** words) { return count == 2 ? cloud_licence::run_in_background(words[1]) : 2; }
