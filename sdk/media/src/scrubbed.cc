#include "scrubbed.h"

#include <algorithm>
#include <string_view>

namespace sluice::media {

namespace {

constexpr std::string_view kHidden = "****";
/// What is left of a secret that was cut off, and tells nothing.
constexpr std::size_t kHarmless = 3;

void hide(std::string& text, const std::string& secret) {
  if (secret.empty()) return;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kHidden.size())) {
    text.replace(at, secret.size(), kHidden);
  }
}

void hide_cut_off(std::string& text, const std::string& secret) {
  for (auto length = std::min(secret.size(), text.size()); length > kHarmless; --length) {
    if (!text.ends_with(std::string_view{secret}.substr(0, length))) continue;
    text.replace(text.size() - length, length, kHidden);
    return;
  }
}

}  // namespace

std::string scrubbed(std::string text, std::span<const std::string> secrets, std::size_t most) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  for (const auto& secret : secrets) hide(text, secret);
  for (const auto& secret : secrets) hide_cut_off(text, secret);
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, ' ');
  if (text.size() > most) text = text.substr(0, most - 3) + "...";
  return text;
}

}  // namespace sluice::media
