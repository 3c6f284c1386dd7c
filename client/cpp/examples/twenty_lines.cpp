// A licensed program without a window: twenty lines.
#include <iostream>

#include <cloud_licence/background.hpp>

int main() {
    cloud_licence::Program me;
    me.version = "16.0.02";

    cloud_licence::Licence licence(me, [](const cloud_licence::Status& now) {
        std::cout << now.message.text << std::endl;  // in another thread: hand it to the window's
    });
    cloud_licence::Status found = licence.wait(15);
    if (!found.is_open) return 3;

    for (std::string line; std::getline(std::cin, line);) std::cout << "working: " << line << std::endl;
    licence.stop();  // gives the seat back, in less than a fifth of a second
    return 0;
}
