// Texts that nobody would write, for all that reads what somebody else may have written: store, lease, answer, policy.
#pragma once

#include <random>

#include "kit.hpp"

namespace cloud_licence {

// Reads a text as each of them; the first byte says as which.
inline void read_as_any(const std::string& data) {
    if (data.empty()) return;
    const std::string text = data.substr(1);
    switch (data[0] & 3) {
        case 0:
            try {
                Record record = read_record(text, "CAD-017", "ACME\\jsmith");
                leave(record, 1);
                written(record);
                message_of(hear(pass_time(record.situation, 1), nothing("unreachable"), 1, lowest), {});
            } catch (const NotUsable&) {}
            break;
        case 1:
            try { verified(text, Json::array({{{"kid", "one"}, {"crv", "Ed25519"}, {"x", text}}}), "CAD-017", "jsmith"); }
            catch (const LeaseNotValid&) {}
            break;
        case 2: {
            Response response;
            response.status = data.size() & 1 ? 201 : 409, response.x_request_id = "id", response.body = text;
            response.content_type = "application/problem+json", response.retry_after = text.substr(0, 20);
            Telling in_german;
            in_german.language = "de";
            message_of(hear({}, understood(response, {"id", true, ""}), 1, lowest), in_german);
            break;
        }
        case 3:
            effective({{"own entry", lines_of(text)}});
            serial_number_of(text), as_compared(text), shown_address(text), is_address(text);
    }
}

// The texts of the kit, each as what it is.
inline std::vector<std::string> texts_of_kit(const std::string& folder) {
    std::vector<std::string> made;
    auto add = [&](const char* file, const char* field, char as) {
        const Json kit = Json::parse(text_at(std::filesystem::u8path(folder + "/" + file + ".json")));
        for (const Json& test : kit["cases"]) made.push_back(as + test[field].get<std::string>());
    };
    add("stores", "text", '\0'), add("leases", "lease", '\1'), add("answers", "body", '\2'), add("files", "text", '\3');
    return made;
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

// So many texts; what is wrong with the library shows as a crash, or to a sanitizer.
inline int run_fuzz(const std::string& folder, int count) {
    const std::vector<std::string> texts = texts_of_kit(folder);
    std::mt19937 random(20);
    for (int at = 0; at < count; ++at) {
        const std::string& text = texts[random() % texts.size()];
        read_as_any(text.substr(0, 1) + spoilt(text.substr(1), random));
    }
    std::cout << count << " texts read" << std::endl;
    return 0;
}

}  // namespace cloud_licence
