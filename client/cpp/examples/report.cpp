// A report for support, in a thread that may wait: for the store, and for the network.
#include <iostream>

#include <cloud_licence/doctor.hpp>

int main() {
    cloud_licence::Program me;
    try {
        std::cout << cloud_licence::joined(cloud_licence::doctor(me).lines, "\n") << std::endl;
        return 0;
    } catch (const cloud_licence::StoreBusy&) { return 1; }  // another window asks just now: again in a moment
}
