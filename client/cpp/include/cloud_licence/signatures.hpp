// What OpenSSL's libcrypto does for us: signatures (Ed25519), SHA-256, random numbers. Nothing else asks it.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

static_assert(OPENSSL_VERSION_NUMBER >= 0x10101000L, "OpenSSL 1.1.1 or newer is needed, for Ed25519");

namespace cloud_licence {

// It stays as the process ends, when a thread may still give a seat back.
inline void keep_until_the_end() { OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr); }

inline const unsigned char* bytes_of(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

inline bool is_signed(const std::string& what, const std::string& signature, const std::string& key) {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pkey(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(key), key.size()), EVP_PKEY_free);
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    return pkey && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(what), what.size()) == 1;
}

inline std::string in_hex(const unsigned char* bytes, size_t count) {
    std::string made;
    for (size_t at = 0; at < count; ++at) made += "0123456789abcdef"[bytes[at] >> 4], made += "0123456789abcdef"[bytes[at] & 15];
    return made;
}

inline std::string sha256(const std::string& text) {  // in hex
    unsigned char found[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), found, &size, EVP_sha256(), nullptr);
    return in_hex(found, size);
}

inline std::string random_hex(size_t digits) {
    unsigned char found[32];
    if (digits > 2 * sizeof found || RAND_bytes(found, int(digits / 2)) != 1) throw std::runtime_error("no random numbers");
    return in_hex(found, digits / 2);
}

inline double random_between(double least, double most) {
    unsigned char found[4];
    if (RAND_bytes(found, 4) != 1) return most;
    return least + (most - least) * (found[0] / 256.0 + found[1] / 65536.0 + found[2] / 16777216.0 + found[3] / 4294967296.0);
}

}  // namespace cloud_licence
