// What tries the library: the conformance kit, a program that a test drives, and texts that nobody would write.
#include "driven.hpp"
#include "fuzz.hpp"

using namespace cloud_licence;

#ifdef FUZZ_BY_COMPILER  // clang++ -fsanitize=fuzzer has a main of its own
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
    read_as_any(std::string(reinterpret_cast<const char*>(data), size));
    return 0;
}
#else
int main(int count, char** words) {
    const Texts told(words + 1, words + count);
    if (told.size() == 2 && told[0] == "vectors") return Kit(told[1]).run();
    if (told.size() == 2 && told[0] == "program") return run_driven(told[1]);
    if (told.size() == 2 && told[0] == "cycles") return run_cycles(std::atoi(told[1].c_str()));
    if (told.size() == 3 && told[0] == "fuzz") return run_fuzz(told[1], std::atoi(told[2].c_str()));
    std::cerr << "kit vectors FOLDER | kit program VERSION | kit cycles COUNT | kit fuzz FOLDER COUNT" << std::endl;
    return 2;
}
#endif
