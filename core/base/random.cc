#include "core/base/random.h"

#include <array>
#include <string_view>

namespace sluice {

std::string random_token(const FillRandom& fill, int bits) {
  // 62 letters carry 5.95 bits each; bytes of 248 (= 4 * 62) and above are thrown away to keep them equally likely.
  constexpr std::string_view kLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr double kBitsPerLetter = 5.954;
  const auto length = static_cast<std::size_t>(bits / kBitsPerLetter) + 1;
  std::string token;
  token.reserve(length);
  std::array<std::uint8_t, 32> pool;
  while (token.size() < length) {
    fill(pool);
    for (const std::uint8_t byte : pool) {
      if (byte < 248 && token.size() < length) token += kLetters[byte % kLetters.size()];
    }
  }
  return token;
}

}  // namespace sluice
