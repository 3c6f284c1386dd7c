// A program that a test drives by lines: what the library does on this machine, with the real network and store.
#pragma once

#include <iostream>

#include "cloud_licence/background.hpp"
#include "cloud_licence/doctor.hpp"

#ifndef _WIN32
#include <sys/wait.h>
#endif

namespace cloud_licence {

// Who asks may be named by the environment, so that one computer can play many.
inline Identity identity_as_told() {
    Identity who = identity_here();
    if (std::string name = variable("KIT_MACHINE"); !name.empty()) who.machine_name = name;
    if (std::string name = variable("KIT_USER"); !name.empty()) who.username = name;
    return who;
}

struct Driven {
    Program program;
    World world;
    double ahead = 0;  // by how much time has passed that did not

    explicit Driven(const std::string& version) {
        program.version = version;
        world.identity = identity_as_told;
        World real = world;
        world.clock = [this, real] { return real.clock() + ahead; };
        world.monotonic = [this, real] { return real.monotonic() + ahead; };
    }

    void show(const Outcome& found) const {
        const Situation& s = found.situation;
        std::cout << name_of(s.state) << (s.is_open ? " open " : " shut ") << (s.code.empty() ? "-" : s.code) << " "
                  << (s.session ? s.session.id : "-") << "\t" << replaced_lines(whole(found.message())) << "\t"
                  << replaced_lines(joined(found.notices, " ")) << std::endl;
    }

    static std::string replaced_lines(std::string text) {
        std::replace(text.begin(), text.end(), '\n', ' ');
        return text;
    }

    // The words of a line: open, look, later SECONDS, take FEATURE, move, close, doctor.
    void obey(const std::string& line) {
        std::istringstream words(line);
        std::string verb, more;
        words >> verb >> more;
        if (verb == "later") ahead += std::atof(more.c_str());
        if (verb == "open") {
            Outcome found = open_licence(program, world);
            if (found.situation.is_open) program.policy = found.policy;
            show(found);
        }
        if (verb == "look" || verb == "later") show(look(program, world));
        if (verb == "take") show(take_features(program, {more}, world));
        if (verb == "move") show(move(program, world));
        if (verb == "close") show(close(program, world));
        if (verb == "doctor") std::cout << joined(doctor(program, world).lines, "\n") << std::endl << "." << std::endl;
    }
};

inline int run_driven(const std::string& version) {
    Driven driven(version);
    for (std::string line; std::getline(std::cin, line);) driven.obey(line);
    return 0;
}

// ---- The thread ----------------------------------------------------------------------------------------------------

inline double milliseconds_of(const std::function<void()>& what) {
    auto began = std::chrono::steady_clock::now();
    what();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
}

inline void show(const Status& now) {
    std::cout << name_of(now.state) << (now.is_open ? " open " : " shut ") << (now.code.empty() ? "-" : now.code) << "\t"
              << Driven::replaced_lines(whole(now.message)) << "\t" << Driven::replaced_lines(joined(now.notices, " ")) << std::endl;
}

#ifndef _WIN32
// What a child of fork finds: nothing of its parent's licence, and none of its locks.
inline void fork_one(Licence& licence) {
    pid_t child = fork();
    if (child == 0) {
        bool is_apart = !licence.status().is_open && !licence.poll();
        licence.stop();
        _exit(is_apart ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    std::cout << "child " << status << std::endl;
}
#endif

#ifndef _WIN32
// A child of fork with a licence of its own, of the program that its parent described.
inline void fork_one_with_licence(const Program& program, const World& world) {
    pid_t child = fork();
    if (child == 0) {
        World lent = world;
        lent.memory = World::memory_of_process();
        Licence own(program, {}, lent);
        bool is_open = own.wait(20).is_open;
        own.stop();
        _exit(is_open ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    std::cout << "child " << status << std::endl;
}
#endif

// One that is destroyed after all that was made later, as the process ends; such as OpenSSL, if the program uses it.
inline int run_to_exit(bool uses_openssl) {
    static std::unique_ptr<Licence> held;
    if (uses_openssl) random_hex(2);
    Program program;
    program.version = "16.0.02";
    World world;
    world.identity = identity_as_told;
    world.send = [](const Way& way, const Request& request) {  // as over TLS: with random numbers
        random_hex(2);
        return send(way, request);
    };
    held = std::make_unique<Licence>(program, Licence::Listener(), world);
    show(held->wait(20));
    std::exit(0);
}

// Lines: wait, poll, status, again, look, stop, take FEATURE, move, fork, fork-licence; the end of them stops it.
inline int run_in_background(const std::string& version) {
    Program program;
    program.version = version;
    World world;
    world.identity = identity_as_told;
    std::atomic<int> calls{0};
    Licence licence(program, [&calls](const Status&) { ++calls; }, world);
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string verb, more;
        words >> verb >> more;
        if (verb == "wait") show(licence.wait(20));
        if (verb == "status") show(licence.status());
        if (verb == "poll") {
            std::optional<Status> change;
            while (!(change = licence.poll())) std::this_thread::sleep_for(std::chrono::milliseconds(5));
            show(*change);
        }
        if (verb == "again") licence.try_again();
        if (verb == "look") licence.look();
        if (verb == "stop") licence.stop();
        if (verb == "take") licence.take({more});
        if (verb == "move") licence.move();
#ifndef _WIN32
        if (verb == "fork") fork_one(licence);
        if (verb == "fork-licence") fork_one_with_licence(program, world);
#endif
    }
    std::cout << "stopped after " << milliseconds_of([&] { licence.stop(); }) << " ms, " << calls << " calls" << std::endl;
    return 0;
}

// So many times opened and closed: for whoever looks for leaks, and for how long an opening takes, of its own and in all.
inline int run_cycles(int count) {
    Driven driven("16.0.02");
    double of_service = 0, own = 0, longest = 0, in_all = 0;
    driven.world.send = [&](const Way& way, const Request& request) {
        Response made;
        of_service += milliseconds_of([&] { made = send(way, request); });
        return made;
    };
    int opened = 0;
    for (int cycle = 0; cycle < count; ++cycle) {
        of_service = 0;
        double took = milliseconds_of([&] { opened += open_licence(driven.program, driven.world).situation.is_open; });
        in_all += took, own += took - of_service, longest = std::max(longest, took - of_service);
        close(driven.program, driven.world);
    }
    std::cout << opened << " opened, " << own / count << " ms of its own each, " << longest << " at most; " << in_all / count
              << " with the network" << std::endl;
    return opened == count ? 0 : 1;
}

}  // namespace cloud_licence
