#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "core/media/srtp/srtp_receiver.h"
#include "core/media/srtp/srtp_sender.h"
#include "tests/unit/core/media/srtp/srtp_packets.h"

// Input: | profile and kind | offset of the damage | damage | ... bytes of a packet ... |
// The bytes are given to a receiver as they came, and, protected and then damaged, once more: damage must not pass.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  constexpr std::size_t kPrefix = 3;
  constexpr std::size_t kMaxPacket = 2000;
  if (size < kPrefix || size > kMaxPacket) return 0;

  const SrtpProfile profile = kSrtpProfilePreference[data[0] % kSrtpProfilePreference.size()];
  const bool rtcp = (data[0] & 0x80) != 0;
  auto sender = SrtpSender::create(profile, test::master_key(profile)).value();
  auto receiver = SrtpReceiver::create(profile, test::master_key(profile)).value();
  const auto unprotect = [&](std::vector<std::uint8_t> packet) {
    return rtcp ? receiver.unprotect_rtcp(packet) : receiver.unprotect_rtp(packet);
  };

  const std::vector<std::uint8_t> raw(data + kPrefix, data + size);
  if (unprotect(raw).has_value()) std::abort();  // nobody finds a tag by chance

  std::vector<std::uint8_t> buffer = raw;
  buffer.resize(raw.size() + kMaxSrtpTrailer);
  const auto protected_size = rtcp ? sender.protect_rtcp(buffer, raw.size()) : sender.protect_rtp(buffer, raw.size());
  if (!protected_size) return 0;
  buffer.resize(*protected_size);
  if (data[2] != 0) {
    std::vector<std::uint8_t> damaged = buffer;
    damaged[data[1] % damaged.size()] ^= data[2];
    if (unprotect(damaged).has_value()) std::abort();
  }
  static_cast<void>(unprotect(buffer));
  return 0;
}
