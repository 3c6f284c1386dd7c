// The store: one record on disk, locked, written as a whole, readable by its user only.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

#include "records.hpp"
#include "system.hpp"
#include "words.hpp"

#ifndef _WIN32
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#endif

namespace cloud_licence {

struct StoreBusy : std::runtime_error { StoreBusy() : std::runtime_error("another window holds the store") {} };

// What this process knows of its stores and keeps nowhere else.
struct Memory {
    std::mutex lock;
    std::map<std::filesystem::path, Seen> seen;
    std::map<std::filesystem::path, Record> unsaved;  // what could not be written: it goes on with that
    std::map<std::pair<std::filesystem::path, long>, Record> held;  // what a process that holds a seat saw last
};

inline std::error_code last_trouble() {
#ifdef _WIN32
    return {int(GetLastError()), std::system_category()};
#else
    return {errno, std::generic_category()};
#endif
}

// Why something on disk could not be done; what few have seen is told in the system's words.
inline std::string trouble_in_words(const std::string& language, const std::error_code& trouble) {
    static const auto& known = *new const std::vector<std::pair<std::errc, std::string>>{
        {std::errc::permission_denied, "denied"}, {std::errc::operation_not_permitted, "denied"},
        {std::errc::no_space_on_device, "full"}, {std::errc::read_only_file_system, "read_only"},
        {std::errc::not_a_directory, "no_folder"}, {std::errc::file_exists, "no_folder"}};
    for (const auto& [code, name] : known)
        if (trouble == code) return say(language, "problem." + name);
    return say(language, "problem.other", {{"reason", trouble.message()}});
}

// ---- Files -------------------------------------------------------------------------------------------------------

#ifdef _WIN32

// Lets a file of its user alone hold this text, or says why it holds what it held before. It is written through, so that
// a computer that loses its power has the one or the other.
inline std::error_code write_whole(const std::filesystem::path& file, const std::string& text) {
    std::error_code trouble;
    std::filesystem::create_directories(file.parent_path(), trouble);
    if (trouble) return trouble;
    std::filesystem::path fresh = file;
    fresh += "." + std::to_string(own_process());
    HANDLE opened = CreateFileW(fresh.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (opened == INVALID_HANDLE_VALUE) return last_trouble();
    DWORD count = 0;
    bool is_written = WriteFile(opened, text.data(), DWORD(text.size()), &count, nullptr) && count == text.size() && FlushFileBuffers(opened);
    if (!is_written) trouble = last_trouble();
    CloseHandle(opened);
    if (is_written && !MoveFileExW(fresh.c_str(), file.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) trouble = last_trouble();
    if (trouble) DeleteFileW(fresh.c_str());
    return trouble;
}

class FileLock {  // goes with its process, however that ends
  public:
    explicit FileLock(const std::filesystem::path& file)
        : handle(CreateFileW(file.c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                             OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr)) {}
    ~FileLock() { if (can_be_made()) CloseHandle(handle); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    bool can_be_made() const { return handle != INVALID_HANDLE_VALUE; }
    bool is_taken_now() { return LockFile(handle, 0, 0, 1, 0); }

  private:
    HANDLE handle;
};

#else

inline bool write_all(int opened, const std::string& text) {
    for (size_t at = 0; at < text.size();) {
        ssize_t count = ::write(opened, text.data() + at, text.size() - at);
        if (count <= 0) return false;
        at += size_t(count);
    }
    return fsync(opened) == 0;
}

// Lets a file of its user alone hold this text, or says why it holds what it held before.
inline std::error_code write_whole(const std::filesystem::path& file, const std::string& text) {
    std::error_code trouble, ignored;
    if (std::filesystem::create_directories(file.parent_path(), trouble)) ::chmod(file.parent_path().c_str(), 0700);
    if (trouble) return trouble;
    std::filesystem::path fresh = file;
    fresh += "." + std::to_string(own_process());
    int opened = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (opened < 0) return last_trouble();
    if (!write_all(opened, text)) trouble = last_trouble();
    ::close(opened);
    if (!trouble) std::filesystem::rename(fresh, file, trouble);
    if (trouble) std::filesystem::remove(fresh, ignored);
    return trouble;
}

class FileLock {  // goes with its process, however that ends
  public:
    explicit FileLock(const std::filesystem::path& file) : opened(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}
    ~FileLock() { if (can_be_made()) ::close(opened); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    bool can_be_made() const { return opened >= 0; }
    bool is_taken_now() { return flock(opened, LOCK_EX | LOCK_NB) == 0; }

  private:
    int opened;
};

#endif

// ---- The store ---------------------------------------------------------------------------------------------------

struct Store {
    std::filesystem::path path;
    Record anew;  // what it begins with
    std::string language;
    std::shared_ptr<Memory> memory;
    Texts notices;  // sentences about what went wrong with it

    void note(const std::string& name, const Fillings& values = {}) {
        std::string sentence = say(language, name, values);
        if (std::find(notices.begin(), notices.end(), sentence) == notices.end()) notices.push_back(sentence);
    }

    void note_trouble(const std::string& name, const std::error_code& trouble) {
        note(name, {{"path", in_utf8(path)}, {"folder", in_utf8(path.parent_path())}, {"problem", trouble_in_words(language, trouble)}});
    }

    // Throws StoreBusy after so many seconds. Where no lock can be made the program goes on without.
    std::unique_ptr<FileLock> locked(double seconds_to_wait) {
        std::error_code trouble, ignored;
        if (std::filesystem::create_directories(path.parent_path(), trouble))
            std::filesystem::permissions(path.parent_path(), std::filesystem::perms(0700), ignored);
        auto lock = std::make_unique<FileLock>(std::filesystem::path(path).replace_extension(".lock"));
        if (!lock->can_be_made()) {
            note_trouble("kept.unwritable", trouble ? trouble : last_trouble());
            return lock;
        }
        auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds_to_wait);
        while (!lock->is_taken_now()) {
            if (std::chrono::steady_clock::now() > until) throw StoreBusy();
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return lock;
    }

    // One that cannot be used is set aside, and the client begins anew.
    Record load() {
        {
            std::lock_guard<std::mutex> alone(memory->lock);
            if (auto found = memory->unsaved.find(path); found != memory->unsaved.end()) return found->second;
        }
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored)) return anew;
        if (!std::ifstream(path)) {
            note_trouble("kept.unreadable", last_trouble());
            return anew;
        }
        try { return read_record(text_at(path), anew.machine_name, anew.username); }
        catch (const NotUsable& why) {
            set_aside(why.what());
            return anew;
        }
    }

    void set_aside(const std::string& why) {
        std::error_code trouble;
        std::filesystem::path aside = path;
        aside += "." + why;
        std::filesystem::rename(path, aside, trouble);
        if (!trouble) note("kept." + why, {{"path", in_utf8(aside)}});
    }

    // A disk that cannot be written to stops nobody.
    void save(const Record& record) {
        const std::error_code trouble = write_whole(path, written(record));
        if (trouble) note_trouble("kept.unwritable", trouble);
        std::lock_guard<std::mutex> alone(memory->lock);
        if (trouble) memory->unsaved[path] = record;
        else memory->unsaved.erase(path);
    }
};

// ---- Places --------------------------------------------------------------------------------------------------------

inline std::filesystem::path folder_here(const std::string& vendor, const std::string& product) {
    using std::filesystem::u8path;
#ifdef _WIN32
    std::string root = variable("LOCALAPPDATA");
    return u8path(root.empty() ? variable("USERPROFILE") + "\\AppData\\Local" : root) / u8path(vendor) / u8path(product);
#else
    std::string root = variable("XDG_STATE_HOME"), home = variable("HOME");
    std::filesystem::path base = root.empty() ? u8path(home.empty() ? "/" : home) / ".local" / "state" : u8path(root);
    return base / u8path(in_small_letters(vendor)) / u8path(in_small_letters(product));
#endif
}

// A file's name that says what and whose it is.
inline std::filesystem::path file_of(const Texts& parts) {
    std::string name;
    for (const std::string& part : parts)
        if (!part.empty()) name += (name.empty() ? "" : "-") + in_small_letters(part);
    auto is_kept = [](char c) { return (c & 0x80) || std::isalnum((unsigned char)c) || c == '.' || c == '-' || c == '_'; };
    std::replace_if(name.begin(), name.end(), [&](char c) { return !is_kept(c); }, '_');
    return std::filesystem::u8path(name + ".json");
}

}  // namespace cloud_licence
