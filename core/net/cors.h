#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/net/http_message.h"

namespace sluice::net {

/// Which web pages of other origins may read answers (the Fetch standard's CORS protocol).
class CorsPolicy {
 public:
  /// @param origins  `https://app.example.org` each, or `*` for every one.
  explicit CorsPolicy(std::vector<std::string> origins);

  [[nodiscard]] bool allows(std::string_view origin) const noexcept;
  /// The request names an origin that is neither its own host nor in the list.
  [[nodiscard]] bool is_foreign(const HttpRequest& request) const noexcept;
  /// A browser asks whether a page may send the real request (the Fetch standard's CORS-preflight request).
  [[nodiscard]] static bool is_preflight(const HttpRequest& request) noexcept;
  /// Adds what lets a page of `origin` (the request's header, or empty) read `response`, if it may.
  void apply(std::string_view origin, HttpResponse& response) const;
  /// Answers OPTIONS of a path with these methods: a preflight if it is one, else `Allow`.
  [[nodiscard]] HttpResponse answer_options(const HttpRequest& request, std::string_view allow) const;

 private:
  std::vector<std::string> origins_;
  bool any_ = false;
};

}  // namespace sluice::net
