#pragma once

#include <memory>

struct bio_method_st;
struct bio_st;
struct evp_pkey_st;
struct ssl_ctx_st;
struct ssl_st;
struct x509_st;

namespace sluice {

/// Ownership of OpenSSL's objects, so that our headers need not include OpenSSL's.
struct OpenSslDeleter {
  void operator()(evp_pkey_st* key) const noexcept;
  void operator()(ssl_ctx_st* context) const noexcept;
  void operator()(ssl_st* connection) const noexcept;
  void operator()(x509_st* certificate) const noexcept;
};

template <class T>
using OpenSslPtr = std::unique_ptr<T, OpenSslDeleter>;

}  // namespace sluice
