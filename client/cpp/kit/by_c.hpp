// The plays of the conformance kit through the C interface, which is lent the plays' machine, clock and network. Each
// process of a play has a licence of its own, whose thread looks only when it is told to.
#pragma once

#define CLOUD_LICENCE_IS_LENT
#include <condition_variable>

#include "kit.hpp"

namespace {

// What the test and a licence's thread know of each other.
struct Link {
    std::mutex lock;
    std::condition_variable has_turned;
    int turns = 0;  // of the thread: one for each thing that it was told to do
    std::optional<double> talk_at;
    std::atomic<bool> is_killed{false};

    double until_look(std::optional<double> due) {
        std::lock_guard<std::mutex> alone(lock);
        ++turns, talk_at = due;
        has_turned.notify_all();
        return 86400;
    }

    void wait_for(int turn) {
        std::unique_lock<std::mutex> alone(lock);
        if (!has_turned.wait_for(alone, std::chrono::seconds(60), [&] { return turns >= turn; })) throw std::runtime_error("stuck");
    }
};

struct Lent { const cloud_licence::World* world = nullptr; long holder = 0; std::shared_ptr<Link> link; } lent;  // for the next that opens

void lend(cloud_licence::Program& program, cloud_licence::World& world) {
    world = *lent.world, program.holder = lent.holder;
    world.between_asks = cloud_licence::never;  // cl_look asks when it is time, as a look of a play does
    world.until_look = [link = lent.link](std::optional<double> talk_at, double) { return link->until_look(talk_at); };
    world.identity = [link = lent.link, who = world.identity] {
        if (link->is_killed) throw std::runtime_error("killed");  // nothing is done any more
        return who();
    };
}

}  // namespace

#include "src/cloud_licence.cpp"

namespace {

class CallsOfC : public Calls {
  public:
    ~CallsOfC() override { while (!running.empty()) kill(running.begin()->first); }

    Outcome open(const std::string& process, const Program& asks, const World& world) override {
        kill(process);  // one whose licence was moved
        Running& fresh = running[process];
        lent = {&world, asks.holder, fresh.link};
        const std::string features = joined(asks.features, ","), optional = joined(asks.optional_features, ","), keys = written(asks.pinned_keys);
        cl_program told{};
        told.size = sizeof told, told.version = asks.version.c_str(), told.software = asks.software.c_str();
        told.features = features.c_str(), told.optional_features = optional.c_str();
        told.pinned_keys = keys.c_str(), told.language = asks.language.c_str();
        must(cl_open(&told, &fresh.licence));
        Outcome made = after(fresh, 1);
        if (!made.situation.is_open) kill(process);  // it says why, and ends
        return made;
    }

    // In a play somebody looks, or moves a licence, for whom nothing is open: C has no call for that.
    Outcome look(const std::string& process, const Program& asks, const World& world) override {
        return running.count(process) ? ordered(process, cl_look) : Calls::look(process, asks, world);
    }

    Outcome move(const std::string& process, const Program& asks, const World& world) override {
        if (!running.count(process)) return Calls::move(process, asks, world);
        Outcome made = ordered(process, cl_move);
        if (made.situation.code == "session_ended") made.situation.code = "";  // so C says that it was done
        return with_news(made);
    }

    Outcome take(const std::string& process, const Program&, const Texts& features, const World&) override {
        const std::string more = joined(features, ",");
        return with_news(ordered(process, [&](cl_licence* licence) { return cl_take(licence, more.c_str()); }));
    }

    Outcome close(const std::string& process, const Program& asks, const World& world) override {
        if (!running.count(process)) return Calls::close(process, asks, world);
        end(process);
        return {};
    }

    void kill(const std::string& process) override {
        if (!running.count(process)) return;
        running[process].link->is_killed = true;
        end(process);
    }

    std::string lease(const std::string& text, const Program& asks, const Identity& who, double at) override {
        const auto here = std::filesystem::temp_directory_path() / ("cloud-licence-" + random_hex(16));
        World world;
        world.identity = [who] { return who; };
        world.folder = [here](const std::string&, const std::string&) { return here; };
        world.policy = [](const std::string&, const std::string&) { return Policy(); };
        lent = {&world, asks.holder, std::make_shared<Link>()};
        const std::string keys = written(asks.pinned_keys);
        cl_program told{};
        told.size = sizeof told, told.version = "1", told.software = asks.software.c_str(), told.pinned_keys = keys.c_str();
        cl_lease found{};
        found.size = sizeof found;
        must(cl_read_lease(&told, text.c_str(), at, &found));
        std::filesystem::remove_all(here);
        static const Texts verdicts{"runs", "over", "not_yet"};
        return found.verdict < CL_LEASE_NOT_VALID ? verdicts.at(size_t(found.verdict)) : found.why;
    }

    std::optional<std::string> typed(const std::string& kind, const std::string& text) override {
        char found[64] = "";
        int said = (kind == "serial_number" ? cl_read_serial_number : cl_read_product_key)(text.c_str(), found, sizeof found);
        return said == CL_OK ? std::optional<std::string>(found) : std::nullopt;
    }

    // Whoever has closed is told nothing any more. Why more was not to be had is told in words alone.
    Json told(const std::string& verb, const Json& expected) const override {
        Json made = expected;
        if (verb == "close")
            for (const char* name : {"state", "code", "is_open", "grace_until", "talk_at"}) made.erase(name);
        if ((verb == "take" || verb == "move") && !text_in(made, "code").empty()) made["code"] = "told";
        return made;
    }

  private:
    struct Running { cl_licence* licence = nullptr; std::shared_ptr<Link> link = std::make_shared<Link>(); };
    std::map<std::string, Running> running;

    static void must(int said) { if (said != CL_OK) throw std::runtime_error("C said " + std::to_string(said)); }

    template <class Order> Outcome ordered(const std::string& process, Order what) {
        Running& one = running[process];
        const int turns = one.link->turns;  // its thread waits
        must(what(one.licence));
        return after(one, turns + 1);
    }

    static Outcome after(Running& one, int turn) {
        one.link->wait_for(turn);
        cl_status now{};
        now.size = sizeof now;
        must(cl_get(one.licence, &now));
        Outcome made;
        made.situation.state = State(now.state), made.situation.is_open = now.is_open, made.situation.code = now.code;
        made.situation.grace_until = now.grace_until, made.situation.talk_at = one.link->talk_at;
        made.can_do_without = in_list(now.can_do_without), made.new_key_waits = now.new_key_waits;
        made.notices = *now.notices ? Texts{now.notices} : Texts();
        return made;
    }

    static Outcome with_news(Outcome made) {
        if (!made.notices.empty()) made.situation.code = "told";
        return made;
    }

    void end(const std::string& process) {
        cl_close(running[process].licence);
        wait_for_threads_left();
        running.erase(process);
    }
};

std::unique_ptr<Calls> calls_of_c() { return std::make_unique<CallsOfC>(); }

}  // namespace
