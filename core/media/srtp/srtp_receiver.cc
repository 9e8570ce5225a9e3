#include "core/media/srtp/srtp_receiver.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/byte_writer.h"
#include "core/media/srtp/srtp_header.h"

namespace sluice {
namespace {

constexpr std::uint32_t kEncryptedBit = 0x8000'0000;  // RFC 3711 section 3.4: E, before the SRTCP index
constexpr std::size_t kWord = 4;

SrtpError refusal(IndexVerdict verdict) noexcept {
  return verdict == IndexVerdict::seen ? SrtpError::replayed : SrtpError::too_old;
}

}  // namespace

SrtpReceiver::SrtpReceiver(SrtpProfile profile, SrtpCipher rtp, SrtpCipher rtcp) noexcept
    : profile_{profile}, sizes_{sizes_of(profile)}, rtp_{std::move(rtp)}, rtcp_{std::move(rtcp)} {}

Result<SrtpReceiver, SrtpError> SrtpReceiver::create(SrtpProfile profile, const SrtpMasterKey& key) noexcept {
  auto rtp = SrtpCipher::create(profile, key, SrtpUse::rtp, SrtpDirection::inbound);
  auto rtcp = SrtpCipher::create(profile, key, SrtpUse::rtcp, SrtpDirection::inbound);
  if (!rtp || !rtcp) return SrtpError::internal;
  return SrtpReceiver{profile, *std::move(rtp), *std::move(rtcp)};
}

// RFC 3711 section 3.3: guess the index, look for a replay, authenticate, and only then believe anything.
Result<std::size_t, SrtpError> SrtpReceiver::unprotect_rtp(MutableBytes packet) noexcept {
  if (packet.size() < kSrtpMinHeader + sizes_.rtp_trailer) return SrtpError::too_small;
  if (packet.size() > kMaxSrtpPacket) return SrtpError::too_large;
  const std::size_t size = packet.size() - sizes_.rtp_trailer;
  const auto header = read_srtp_header(packet.first(size));
  if (!header) return header.error();

  Stream* stream = find(header->ssrc);
  if (stream == nullptr && !has_room()) return SrtpError::ssrc_limit;
  const auto index = estimate_srtp_index(stream == nullptr ? std::nullopt : stream->rtp.newest(), header->sequence);
  if (!index) return SrtpError::too_old;
  if (stream != nullptr) {
    const IndexVerdict verdict = stream->rtp.look_up(*index);
    if (verdict != IndexVerdict::fresh) return refusal(verdict);
  }

  std::array<std::uint8_t, kWord> roll_over;
  ByteWriter{roll_over}.u32(static_cast<std::uint32_t>(*index >> 16));
  const bool opened = rtp_.open({.ssrc = header->ssrc,
                                 .index = *index,
                                 .header = packet.first(header->size),
                                 .text = packet.subspan(header->size, size - header->size),
                                 .suffix = is_aead(profile_) ? Bytes{} : Bytes{roll_over},
                                 .tag = packet.subspan(size)});
  if (!opened) return SrtpError::authentication_failed;
  if (stream == nullptr) stream = &add(header->ssrc);
  stream->forgotten = false;
  stream->rtp.add(*index);
  return size;
}

Result<std::size_t, SrtpError> SrtpReceiver::unprotect_rtcp(MutableBytes packet) noexcept {
  if (packet.size() < kSrtcpHeader + sizes_.rtcp_trailer) return SrtpError::too_small;
  if (packet.size() > kMaxSrtpPacket) return SrtpError::too_large;
  const std::size_t size = packet.size() - sizes_.rtcp_trailer;
  const auto header = read_srtcp_header(packet.first(size));
  if (!header) return header.error();

  const std::size_t tag_size = sizes_.rtcp_trailer - kWord;
  const MutableBytes word = packet.subspan(is_aead(profile_) ? size + tag_size : size, kWord);
  const std::uint32_t esrtcp = ByteReader{word}.u32();
  if ((esrtcp & kEncryptedBit) == 0) return SrtpError::authentication_failed;  // our profiles all encrypt
  const std::uint64_t index = esrtcp & ~kEncryptedBit;

  Stream* stream = find(header->ssrc);
  if (stream == nullptr && !has_room()) return SrtpError::ssrc_limit;
  if (stream != nullptr) {
    const IndexVerdict verdict = stream->rtcp.look_up(index);
    if (verdict != IndexVerdict::fresh) return refusal(verdict);
  }
  const bool opened = rtcp_.open({.ssrc = header->ssrc,
                                  .index = index,
                                  .header = packet.first(header->size),
                                  .text = packet.subspan(header->size, size - header->size),
                                  .suffix = word,
                                  .tag = packet.subspan(is_aead(profile_) ? size : size + kWord, tag_size)});
  if (!opened) return SrtpError::authentication_failed;
  if (stream == nullptr) stream = &add(header->ssrc);
  stream->rtcp.add(index);
  return size;
}

SrtpReceiver::Stream* SrtpReceiver::find(Ssrc ssrc) noexcept {
  const auto found = std::ranges::find(streams_, ssrc, &Stream::ssrc);
  return found == streams_.end() ? nullptr : &*found;
}

bool SrtpReceiver::has_room() const noexcept {
  return streams_.size() < kMaxReceivedSsrcs || std::ranges::any_of(streams_, &Stream::forgotten);
}

SrtpReceiver::Stream& SrtpReceiver::add(Ssrc ssrc) noexcept {
  if (streams_.size() == kMaxReceivedSsrcs) streams_.erase(std::ranges::find_if(streams_, &Stream::forgotten));
  return streams_.emplace_back(Stream{.ssrc = ssrc});
}

void SrtpReceiver::forget(Ssrc ssrc) noexcept {
  if (Stream* stream = find(ssrc)) stream->forgotten = true;
}

std::size_t SrtpReceiver::ssrc_count() const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(streams_, [](const Stream& s) { return !s.forgotten; }));
}

}  // namespace sluice
