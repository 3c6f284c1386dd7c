// The desk: a program on its machine, with its policy and its store, while something is done.
#pragma once

#include <cstring>
#include <limits>
#include <utility>

#ifndef _WIN32
#include <pthread.h>
#endif

#include "device.hpp"
#include "leases.hpp"
#include "machine.hpp"
#include "policy.hpp"
#include "transport.hpp"

namespace cloud_licence {

constexpr double seconds_to_wait_for_store = 30;
constexpr double seconds_between_looks = 5;
constexpr double never = std::numeric_limits<double>::infinity();

// The program that asks. It is described once, at its start.
struct Program {
    std::string version;
    std::string vendor = "Elecosoft", product = "Powerproject";  // whose policy and store
    std::string software;                  // the code of the product to ask for; empty: whatever the licence is for
    Texts features, optional_features;     // needed; asked for, and it can do without
    Json pinned_keys = Json::array();      // keys (JWK) that were built in: then no others count
    std::string language = language_here();
    long holder = 0;                       // the process for which a seat is held; 0: that which asks, in a fork the child
    std::optional<Policy> policy = {};     // what was read at its start: a change takes effect at the next

    Program without(const Texts& refused) const {
        Program made = *this;
        auto is_refused = [&](const std::string& name) { return std::count(refused.begin(), refused.end(), name) > 0; };
        for (Texts* names : {&made.features, &made.optional_features})
            names->erase(std::remove_if(names->begin(), names->end(), is_refused), names->end());
        return made;
    }
};

inline long holder_of(const Program& program) { return program.holder ? program.holder : own_process(); }

// A name that is a folder and a key of the registry, and leads nowhere else.
inline bool is_name(const std::string& text) {
    bool is_plain = std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 32 || std::strchr("/\\:*?\"<>|", c); });
    return is_plain && !text.empty() && trimmed(text) == text && text.back() != '.';
}

inline bool can_verify(const Json& key) {
    try { return text_in(key, "crv") == "Ed25519" && !text_in(key, "kid").empty() && decoded(text_in(key, "x")).size() == 32; }
    catch (const LeaseNotValid&) { return false; }
}

// Throws Malformed for a description that can be none: it would read another's policy, or open nothing offline.
inline const Program& described(const Program& told) {
    const Json& keys = told.pinned_keys;
    bool are_keys = keys.is_array() && std::all_of(keys.begin(), keys.end(), [](const Json& key) { return key.is_object(); });
    bool has_one = are_keys && (keys.empty() || std::any_of(keys.begin(), keys.end(), can_verify));
    if (!is_name(told.vendor) || !is_name(told.product) || !has_one) throw Malformed("a vendor, a product or keys that are none");
    return told;
}

// For how many seconds a thread waits before it looks by itself.
inline double until_look(std::optional<double> talk_at, double now) {
    double until_due = talk_at ? *talk_at - now : seconds_between_looks;
    return std::max(0.2, std::min(until_due, seconds_between_looks));
}

// What a desk is lent: who we are, clocks, the network. Tests lend others.
struct World {
    std::function<Identity()> identity = identity_here;
    std::function<std::string()> machine_id = machine_id_here;
    std::function<std::string(long pid)> mark_of = cloud_licence::mark_of;
    std::function<double()> clock = [] {
        return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    };
    std::function<double()> monotonic = [] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    };
    std::function<Response(const Way&, const Request&)> send = cloud_licence::send;
    std::function<Policy(const std::string& vendor, const std::string& product)> policy = policy_here;
    std::function<std::filesystem::path(const std::string& vendor, const std::string& product)> folder = folder_here;
    Uniform uniform = random_between;
    std::function<double(std::optional<double> talk_at, double now)> until_look = cloud_licence::until_look;
    std::function<double()> between_asks = [] { return seconds_between_looks; };  // that look() of a licence leaves at least
    std::shared_ptr<Memory> memory = memory_of_process();
    Patience* patience = nullptr;

    // A child of fork has one of its own, with what no disk would tell it: who else holds a seat.
    static std::shared_ptr<Memory>& memory_of_process() {
        static auto& made = *new auto(std::make_shared<Memory>());
#ifndef _WIN32
        static const int is_planned = pthread_atfork([] { made->lock.lock(); }, [] { made->lock.unlock(); }, [] {
            const Memory& of_parent = **new auto(std::exchange(made, std::make_shared<Memory>()));  // its lock stays held
            made->seen = of_parent.seen, made->unsaved = of_parent.unsaved;
        });
        (void)is_planned;
#endif
        return made;
    }
};

struct Desk {
    const Program& program;
    const World& world;
    Identity identity;
    Policy newest_policy, policy;
    std::filesystem::path folder;
    Store store;
    Record record;
    Json kept;  // the record as it is on disk
};

inline std::filesystem::path place_of_store(const std::filesystem::path& folder, const Identity& who) {
    return folder / file_of({"licence", who.machine_name, who.os_session});
}

inline std::filesystem::path place_of_device(const std::filesystem::path& folder, const Identity& who) {
    return folder / file_of({"device", who.machine_name});
}

// ---- Time ----------------------------------------------------------------------------------------------------------

inline double now(Desk& d) {
    std::lock_guard<std::mutex> alone(d.world.memory->lock);
    auto& seen = d.world.memory->seen;
    auto found = seen.find(d.store.path);
    double monotonic = d.world.monotonic();
    double at = now_by(d.world.clock(), d.record.ahead, monotonic, found == seen.end() ? std::nullopt : std::optional(found->second));
    seen[d.store.path] = Seen{at, monotonic};
    return at;
}

// Believes what the service says about the time.
inline void set_clock(Desk& d, double server_time) {
    d.record.ahead = server_time - d.world.clock(), d.record.latest = d.record.server_time = server_time;
    std::lock_guard<std::mutex> alone(d.world.memory->lock);
    d.world.memory->seen[d.store.path] = Seen{server_time, d.world.monotonic()};
}

inline bool has_clock_problem(Desk& d) { return was_turned_back(now(d), d.record.latest); }

// ---- What is kept --------------------------------------------------------------------------------------------------

inline void write(Desk& d) {  // if it has changed
    Json fresh = as_json(d.record);
    if (fresh == d.kept) return;
    d.store.save(d.record);
    d.kept = std::move(fresh);
}

inline bool is_holder(const Desk& d) {
    auto is_own = [&](const Holder& held) { return held.pid == holder_of(d.program); };
    return std::any_of(d.record.holders.begin(), d.record.holders.end(), is_own);
}

inline void remember_held(const Desk& d) {
    std::lock_guard<std::mutex> alone(d.world.memory->lock);
    auto& held = d.world.memory->held;
    if (is_holder(d)) held[{d.store.path, holder_of(d.program)}] = d.record;
    else held.erase({d.store.path, holder_of(d.program)});
}

// The time goes on with every look, unless the clock was turned back.
inline void remember(Desk& d) {
    remember_held(d);
    if (!has_clock_problem(d)) d.record.latest = std::max(d.record.latest, now(d));
    write(d);
}

inline void forget_the_dead(Desk& d) {  // one that was killed could not say goodbye
    auto is_dead = [&](const Holder& held) { return d.world.mark_of(held.pid) != held.mark; };
    auto& holders = d.record.holders;
    holders.erase(std::remove_if(holders.begin(), holders.end(), is_dead), holders.end());
}

inline void leave_place(Desk& d, long pid) {
    auto& holders = d.record.holders;
    holders.erase(std::remove_if(holders.begin(), holders.end(), [&](const Holder& held) { return held.pid == pid; }), holders.end());
}

inline void hold_for(Desk& d, long pid) {  // counts a process that has the program open
    std::string mark = d.record.situation.is_open ? d.world.mark_of(pid) : "";
    if (mark.empty()) return;
    leave_place(d, pid);
    d.record.holders.push_back({pid, mark});
}

inline std::optional<Record> last_held(const Desk& d) {
    std::lock_guard<std::mutex> alone(d.world.memory->lock);
    auto found = d.world.memory->held.find({d.store.path, holder_of(d.program)});
    return found == d.world.memory->held.end() ? std::nullopt : std::optional(found->second);
}

// A session that it had is asked about at once: others may have closed it, or moved the licence away.
inline void go_on_with(Desk& d, const Record& known) {
    Record& r = d.record;
    if (r.server_time == 0) r = known, r.holders.clear();  // the store was lost whole
    r.situation = known.situation, r.device_id = known.device_id;
    r.serial_number = known.serial_number, r.licence_name = known.licence_name;
    if (r.situation.session) r.situation.talk_at = now(d);
}

// A program that is open, and that its store forgot, holds its seat again: with those who hold one now, or as it was.
// Of two sessions one is to be closed.
inline void recall(Desk& d) {
    std::optional<Record> known = is_holder(d) ? std::nullopt : last_held(d);
    if (!known) return;
    bool is_shared = !d.record.holders.empty() && d.record.situation.is_open;
    Session spare = is_shared ? known->situation.session : d.record.situation.session;
    if (!is_shared) go_on_with(d, *known);
    if (spare && spare.id != d.record.situation.session.id) queue(d.record, spare, d.record.latest);
    hold_for(d, holder_of(d.program));
}

// Whether the record came with the disk of another machine, of which this is a clone.
inline bool is_copied(Desk& d) {
    std::string text = text_at(place_of_device(d.folder, d.identity)), machine_id = d.world.machine_id();
    std::string copied = device_copied(text, machine_id);
    return !copied.empty() && (d.record.device_id == copied || device_in(text, machine_id).empty());
}

// ---- At the desk ---------------------------------------------------------------------------------------------------

struct Keeping {  // what changed is kept, whatever becomes of the rest
    Desk& desk;
    ~Keeping() { try { remember(desk); } catch (const std::exception&) {} }
};

// The desk of this user on this machine, which nobody else has meanwhile. Throws StoreBusy.
template <class Do> auto at_desk(const Program& program, const World& world, Do what) {
    Identity who = world.identity();
    std::filesystem::path folder = world.folder(program.vendor, program.product);
    Record anew = new_record(who.machine_name, who.username, who.os_session);
    Store store{place_of_store(folder, who), anew, program.language, world.memory, {}};
    double longest = world.patience ? world.patience->milliseconds_left(int(seconds_to_wait_for_store) * 1000) / 1000.0 : seconds_to_wait_for_store;
    auto lock = store.locked(longest);
    Policy newest = world.policy(program.vendor, program.product);
    Desk desk{program, world, who, newest, program.policy.value_or(newest), folder, store, anew, Json()};
    desk.record = desk.store.load();
    desk.kept = as_json(desk.record);
    forget_the_dead(desk);
    if (desk.record.holders.empty() && is_copied(desk)) desk.record = of_clone(desk.record);
    recall(desk);
    Keeping keeping{desk};
    return what(desk);
}

}  // namespace cloud_licence
