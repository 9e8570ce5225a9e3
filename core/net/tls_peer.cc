#include "core/net/tls_peer.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace sluice::net {

namespace {

constexpr std::size_t kMaxNames = 32;       // more alternative names are not looked at
constexpr std::size_t kMaxNameBytes = 256;  // a longer name is not looked at

struct FreeText {
  void operator()(unsigned char* text) const noexcept { OPENSSL_free(text); }
};
struct FreeNames {
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
};

/// Empty for a text that is not fit to be a name: one with a NUL or a line break could pass for another.
std::string name_of(const ASN1_STRING* string) {
  unsigned char* raw = nullptr;
  const int size = ASN1_STRING_to_UTF8(&raw, string);
  const std::unique_ptr<unsigned char, FreeText> text{raw};
  if (size <= 0 || static_cast<std::size_t>(size) > kMaxNameBytes) return {};
  std::string name(text.get(), text.get() + size);
  const bool control = std::ranges::any_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  return control ? std::string{} : name;
}

std::string common_name(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int first = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (first < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, first) >= 0) return {};
  return name_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, first)));
}

const ASN1_STRING* text_of(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS:
      return name.d.dNSName;
    case GEN_EMAIL:
      return name.d.rfc822Name;
    case GEN_URI:
      return name.d.uniformResourceIdentifier;
    default:
      return nullptr;
  }
}

std::vector<std::string> alternative_names(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, FreeNames> all{
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  std::vector<std::string> names;
  for (int i = 0; i < sk_GENERAL_NAME_num(all.get()) && names.size() < kMaxNames; ++i) {
    const ASN1_STRING* text = text_of(*sk_GENERAL_NAME_value(all.get(), i));
    if (text == nullptr) continue;
    if (std::string name = name_of(text); !name.empty()) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

std::shared_ptr<const TlsPeer> verified_peer(const SSL* ssl) {
  const X509* certificate = ssl == nullptr ? nullptr : SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr || SSL_get_verify_result(ssl) != X509_V_OK) return nullptr;
  return std::make_shared<const TlsPeer>(
      TlsPeer{.common_name = common_name(certificate), .names = alternative_names(certificate)});
}

}  // namespace sluice::net
