// Texts that nobody would write, for all that reads what somebody else may have written: store, lease, answer, policy.
// `FUZZ=store` and so on say as what, where clang's libFuzzer makes the texts; else a few thousand are made here.
#pragma once

#include <random>

#include "kit.hpp"

namespace cloud_licence {

inline void read_store(const std::string& text) {
    try {
        Record record = read_record(text, "CAD-017", "ACME\\jsmith");
        leave(record, 1);
        written(record);
        message_of(hear(pass_time(record.situation, 1), nothing("unreachable"), 1, lowest), {});
    } catch (const NotUsable&) {}
    device_copied(text, "1"), device_in(text, "");
}

// As it is sent, and its claims alone, for nobody can guess a signature.
inline void read_lease(const std::string& text) {
    const Json keys = Json::array({{{"kid", "one"}, {"crv", "Ed25519"}, {"x", text}}});
    try { verified(text, keys, "CAD-017", "jsmith"); } catch (const LeaseNotValid&) {}
    try { runs_at(lease_of(read_json(text), "CAD-017", "jsmith", "Powerproject"), 1); } catch (const LeaseNotValid&) {}
}

// The first byte makes the status; the headers are of the text too.
inline void read_answer(const std::string& text) {
    Response response;
    response.status = text.empty() ? 0 : 200 + 7 * (unsigned char)text[0] % 400;
    response.body = text.substr(std::min<size_t>(1, text.size())), response.x_request_id = "id";
    response.content_type = "application/problem+json", response.retry_after = text.substr(0, 20);
    Telling in_german;
    in_german.language = "de";
    for (int status : {response.status, 201, 409})
        for (bool is_for_seat : {true, false}) {
            response.status = status;
            Answer answer = understood(response, {"id", is_for_seat, ""});
            message_of(hear({}, answer, 1, lowest), in_german);
        }
}

inline void read_policy(const std::string& text) {
    const Values lines = lines_of(text);
    effective({{"own entry", lines}, {"machine policy", lines}});
    serial_number_of(text), product_key_of(text), as_compared(text), shown_address(text), is_address(text);
}

using Reader = void (*)(const std::string&);

inline Reader reader_of(const std::string& what) {  // none for what nobody reads
    static const std::map<std::string, Reader> readers{
        {"store", read_store}, {"lease", read_lease}, {"answer", read_answer}, {"policy", read_policy}};
    auto found = readers.find(what);
    return found == readers.end() ? nullptr : found->second;
}

inline std::string spoilt(std::string text, std::mt19937& random) {
    static const Texts pieces{"\"", "{", "[", "null", "-1", "1e400", "\\ud800", "\xFF", std::string(1, '\0'), "999999999999999999999", "=", "."};
    for (unsigned changes = 1 + random() % 4; changes && !text.empty(); --changes) {
        size_t at = random() % text.size();
        switch (random() % 5) {
            case 0: text[at] = char(random()); break;
            case 1: text.erase(at, 1 + random() % 8); break;
            case 2: text.insert(at, pieces[random() % pieces.size()]); break;
            case 3: text.insert(at, text.substr(random() % text.size(), random() % 64)); break;
            case 4: text.resize(at); break;
        }
    }
    return text;
}

inline std::string nested(size_t depth) { return "W{\"format\":2,\"keys\":" + std::string(depth, '[') + std::string(depth, ']') + "}"; }

// So many texts made of a folder's; what is wrong with the library shows as a crash, or to a sanitizer.
inline int run_fuzz(const std::string& what, const std::string& folder, int count) {
    const Reader read = reader_of(what);
    Texts texts;
    for (const auto& file : std::filesystem::directory_iterator(std::filesystem::u8path(folder))) texts.push_back(text_at(file.path()));
    if (!read || texts.empty()) return 2;
    std::mt19937 random(20);
    for (const std::string& text : texts) read(text);
    read(nested(deepest)), read(nested(20000));
    for (int at = 0; at < count; ++at) read(spoilt(texts[random() % texts.size()], random));
    std::cout << texts.size() << " texts read, " << count << " more made of them" << std::endl;
    return 0;
}

}  // namespace cloud_licence
