// Mistakes that a test has planted in the library behind numbers (tests/client/cpp_mistakes.py). Each is made in a
// process of its own, which has read the kit already, and which a mistake may end or keep busy.
#pragma once

#include <sys/wait.h>

#include "by_c.hpp"

namespace cloud_licence {

constexpr unsigned longest_case = 20;  // seconds; the others take hundredths of one

inline bool is_refused(Kit& kit, int number, const std::string& way, const std::string& file, const Json& test) {
    pid_t child = fork();
    if (child == 0) {
        mistake_made = number;
        alarm(longest_case);
        try { _exit(kit.wrong_in(file, test, way == "C" ? calls_of_c : calls_of_headers).empty() ? 0 : 1); }
        catch (const std::exception&) { _exit(1); }
    }
    int status = 1;
    waitpid(child, &status, 0);
    return status != 0;
}

// Lines: a mistake's number, C or C++, the file and the name of the case that is to show it. Each is answered.
inline int try_mistakes(const std::string& folder) {
    Kit kit(folder);
    for (const std::string& name : of_all) kit.file(name);
    kit.file("play");
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        int number = 0;
        std::string way, file, name;
        words >> number >> way >> file >> std::ws;
        std::getline(words, name);
        std::cout << (is_refused(kit, number, way, file, kit.case_of(file, name)) ? "refused" : "passed") << std::endl;
    }
    return 0;
}

}  // namespace cloud_licence
