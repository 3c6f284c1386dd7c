// What tries the library: the conformance kit, a program that a test drives, and texts that nobody would write.
#include "driven.hpp"
#include "kit.hpp"
#ifndef _WIN32
#include "by_c.hpp"
#include "fuzz.hpp"
#endif
#ifdef MISTAKES_ARE_PLANTED
#include "mistakes.hpp"
#endif

using namespace cloud_licence;

static int run(const Texts& told) {
    if (told.size() == 2 && told[0] == "vectors") return Kit(told[1]).run(of_all, calls_of_headers);
#ifndef _WIN32
    if (told.size() == 2 && told[0] == "by_c") return Kit(told[1]).run(of_c, calls_of_c);
    if (told.size() == 4 && told[0] == "fuzz") return run_fuzz(told[1], told[2], std::atoi(told[3].c_str()));
#endif
#ifdef MISTAKES_ARE_PLANTED
    if (told.size() == 2 && told[0] == "mistakes") return try_mistakes(told[1]);
#endif
    if (told.size() == 2 && told[0] == "program") return run_driven(told[1]);
    if (told.size() == 2 && told[0] == "cycles") return run_cycles(std::atoi(told[1].c_str()));
    std::cerr << "kit vectors FOLDER | kit by_c FOLDER | kit program VERSION | kit cycles COUNT | kit fuzz WHAT FOLDER COUNT" << std::endl;
    return 2;
}

#ifdef FUZZ_BY_COMPILER  // clang++ -fsanitize=fuzzer has a main of its own, which asks us first
extern "C" int LLVMFuzzerInitialize(int* count, char*** words) {
    if (variable("FUZZ").empty()) std::exit(run(Texts(*words + 1, *words + *count)));
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
    static const Reader read = reader_of(variable("FUZZ"));
    if (!read) std::exit(2);
    read(std::string(reinterpret_cast<const char*>(data), size));
    return 0;
}
#else
int main(int count, char** words) { return run(Texts(words + 1, words + count)); }
#endif
