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
    std::atomic<double> between_asks{cloud_licence::never};  // cl_look asks when it is time, as a look of a play does

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
    world.between_asks = [link = lent.link] { return link->between_asks.load(); };
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
    Outcome look(const std::string& process, const Program& asks, const World& world, double within) override {
        if (!running.count(process)) return Calls::look(process, asks, world, within);
        running[process].link->between_asks = within == never ? never : seconds_between_looks;  // `within` is what is left of them
        return ordered(process, cl_look);
    }

    Outcome again(const std::string& process, const Program&, const World&) override { return ordered(process, cl_try_again); }

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
        const Place here;
        World world = here.world(who);
        lent = {&world, asks.holder, std::make_shared<Link>()};
        const std::string keys = written(asks.pinned_keys);
        cl_program told{};
        told.size = sizeof told, told.version = "1", told.software = asks.software.c_str(), told.pinned_keys = keys.c_str();
        cl_lease found{};
        found.size = sizeof found;
        must(cl_read_lease(&told, text.c_str(), at, &found));
        static const Texts verdicts{"runs", "over", "not_yet"};
        return found.verdict < CL_LEASE_NOT_VALID ? verdicts.at(size_t(found.verdict)) : found.why;
    }

    std::optional<std::string> typed(const std::string& kind, const std::string& text) override {
        char found[64] = "";
        int said = (kind == "serial_number" ? cl_read_serial_number : cl_read_product_key)(text.c_str(), found, sizeof found);
        return said == CL_OK ? std::optional<std::string>(found) : std::nullopt;
    }

    // One program asks for its first seat, or refreshes, or closes, and is answered so.
    Json answer(const Response& response, const Asked& asked) override {
        const Place here;
        const bool is_first = asked.is_for_seat && asked.session.empty();
        double at = 1795500000;
        int requests = 0;
        World world = here.world({"CAD-017", "jsmith", ""});
        world.clock = world.monotonic = [&at] { return at; };
        world.uniform = lowest;
        world.send = [&](const Way&, const Request& request) {
            if (request.method == "GET") return none_because("unreachable");  // the keys
            Response made = !is_first && requests++ == 0 ? granted_to(asked) : response;
            const std::string& id = request.headers.at("X-Request-Id");
            if (made.x_request_id == asked.request_id) made.x_request_id = id;
            return made;
        };
        Program program;
        program.version = "1";
        Outcome found = open("one", program, world);
        if (!asked.is_for_seat) found = close("one", program, world);
        else if (!is_first) at += refresh_after, found = ordered("one", cl_look);
        const Json made = heard(found.situation, here.record({"CAD-017", "jsmith", ""}), is_first, at);
        kill("one");
        return made;
    }

    // What is in a file shows in what is left of it when something else is entered.
    Values file(const std::string& text) override {
        const Place here;
        const auto file = here.path / "elecosoft" / "powerproject" / "licensing.conf";
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
        setenv("XDG_CONFIG_HOME", here.path.c_str(), 1);
        cl_program told{};
        told.size = sizeof told;
        must(cl_enter_address(&told, "https://licensing.example.com"));
        Values made;
        std::istringstream lines(text_at(file));
        for (std::string line; std::getline(lines, line);) {
            size_t equals = line.find(" = ");
            if (line.substr(0, equals) != "ServiceUrl") made[line.substr(0, equals)] = line.substr(equals + 3);
        }
        return made;
    }

    Policy policy(const Levels& found) override {
        const Place here;
        const std::map<std::string, std::filesystem::path> places{{"CLOUD_LICENCE_ETC", here.path / "etc"}, {"XDG_CONFIG_HOME", here.path / "own"},
                                                                  {"XDG_CONFIG_DIRS", here.path / "xdg"}, {"USER", "jsmith"}};
        for (const auto& [name, place] : places) setenv(name.c_str(), place.c_str(), 1);
        for (const auto& [level, files] : policy_files("Elecosoft", "Powerproject")) {
            if (!found.count(level)) continue;
            std::filesystem::create_directories(files.at(0).parent_path());
            std::ofstream written(files.at(0), std::ios::binary);
            for (const auto& [name, value] : found.at(level)) written << name << " = " << value << "\n";
        }
        World world = here.world({"CAD-017", "jsmith", ""});
        world.policy = policy_here;
        Policy made;
        for (const std::string& line : report(world)) {
            size_t equals = line.find(" = "), source = line.rfind(" (");
            const Row* row = row_named(trimmed(line.substr(0, equals)));
            if (!row || equals == std::string::npos) continue;
            const std::string said = line.substr(source + 2, line.size() - source - 3);
            made.values[row->name] = line.substr(equals + 3, source - equals - 3);
            if (said != "default") made.sources[row->name] = said;
        }
        return made;
    }

    std::string store(const std::string& text, const Identity& who) override {
        const Place here;
        std::filesystem::create_directories(here.path);
        std::ofstream(place_of_store(here.path, who), std::ios::binary) << text;
        const std::string said = joined(report(here.world(who)), "\n");
        for (const char* why : {"torn", "foreign", "toonew"}) {
            const std::string words = say("en", std::string("kept.") + why);
            if (said.find("BAD " + words.substr(0, words.find('.'))) != std::string::npos) return why;
        }
        return "usable";
    }

    // Whoever has closed is told nothing any more, and of an answer what follows from it. Why more was not to be had is
    // told in words alone.
    Json told(const std::string& verb, const Json& expected) const override {
        Json made = expected;
        if (expected.contains("kind")) return followed_from(verb, made);
        if (verb == "policies") made["ProductKey"] = masked(made["ProductKey"]);
        if (verb == "close")
            for (const char* name : {"state", "code", "is_open", "grace_until", "talk_at"}) made.erase(name);
        if ((verb == "take" || verb == "move") && !text_in(made, "code").empty()) made["code"] = "told";
        return made;
    }

  private:
    static constexpr double refresh_after = 300, shortest_wait = 30;

    struct Place {  // a folder of its own
        const std::filesystem::path path = std::filesystem::temp_directory_path() / ("cloud-licence-" + random_hex(16));
        ~Place() { std::error_code ignored; std::filesystem::remove_all(path, ignored); }

        World world(const Identity& who) const {
            World made;
            made.identity = [who] { return who; }, made.machine_id = [] { return std::string("aaaa"); };
            made.mark_of = [](long) { return std::string("running"); };
            made.folder = [here = path](const std::string&, const std::string&) { return here; };
            made.policy = [](const std::string&, const std::string&) {
                return effective({{"machine policy", {{"SerialNumber", "1234-5678-9ABC"}, {"ProductKey", "A"}, {"ServiceUrl", "http://a.example"}}}});
            };
            made.memory = std::make_shared<Memory>();
            return made;
        }

        Record record(const Identity& who) const { return read_record(text_at(place_of_store(path, who)), who.machine_name, who.username); }
    };

    // The report of a computer that reaches nobody.
    static Texts report(World world) {
        world.send = [](const Way&, const Request&) { return none_because("unreachable"); };
        lent = {&world, own_process(), std::make_shared<Link>()};
        cl_program told{};
        told.size = sizeof told, told.language = "en";
        std::string text(20000, ' ');
        size_t size = text.size();
        must(cl_doctor(&told, &text[0], &size));
        Texts lines;
        std::istringstream words(text.substr(0, size - 1));
        for (std::string line; std::getline(words, line);) lines.push_back(line);
        return lines;
    }

    static Response granted_to(const Asked& asked) {
        Response made;
        made.status = 201, made.content_type = "application/json", made.x_request_id = asked.request_id;
        const std::string at = rfc3339(1795500000);
        made.body = written(Json{{"id", asked.session.empty() ? "one" : asked.session}, {"token", "token"}, {"state", "active"}, {"usage_model", "concurrent"},
                                 {"licence", {{"serial_number", "1234-5678-9ABC"}, {"name", ""}}}, {"features", Json::array()},
                                 {"refresh_after", refresh_after}, {"grace_until", at}, {"server_time", at}, {"lease", "a.b.c"}});
        return made;
    }

    // What an answer was, by what followed. A first start without one leaves its id to be closed.
    static Json heard(const Situation& s, const Record& kept, bool is_first, double at) {
        const bool was_heard = is_first ? kept.closes.empty() : s.state != State::grace_over && kept.closes.empty();
        const bool is_granted = s.state == State::licensed;
        const double asks_in = s.talk_at.value_or(at) - (is_granted ? kept.server_time : at);
        if (is_granted)
            return {{"kind", "granted"}, {"session", kept.situation.session.id}, {"refresh_after", std::round(asks_in / 0.9)}, {"server_time", kept.server_time}};
        if (!s.is_open && s.state == State::starting) return {{"kind", was_heard ? "done" : "no_answer"}};
        Json made{{"kind", was_heard ? "refused" : "no_answer"}, {"code", s.code}, {"waits", asks_in}};
        if (was_heard) made["reference"] = s.reference, made["is_retryable"] = asks_in > 0, made["server_time"] = kept.server_time;
        return made;
    }

    // Of what an answer says, what follows from it.
    static Json followed_from(const std::string& asks_for, Json made) {
        if (asks_for == "close") return {{"kind", made["kind"]}};
        made.erase("grace_until");  // the lease counts
        if (made["kind"] == "granted") return made;
        const double wait = std::max(shortest_wait, made["retry_after"].get<double>());
        made["waits"] = made.value("is_retryable", true) ? wait : 0.0;
        made.erase("retry_after");
        return made;
    }

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
        made.situation.reference = text_or_none(std::strrchr(now.reference, ' '), " ").substr(1);
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
