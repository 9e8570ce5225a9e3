#include "sluice/media/frame_assembler.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "depacketizer.h"
#include "packet_buffer.h"
#include "rtp_packet.h"

namespace sluice::media {
namespace {

constexpr Duration kWishAgain = std::chrono::seconds{1};

struct BegunFrame {
  RtpFrame frame;
  bool broken = false;
};

}  // namespace

class FrameAssembler::Impl {
 public:
  explicit Impl(const Options& options)
      : options_{options},
        packets_{
            {.patience = options.patience, .max_packets = options.max_packets, .max_bytes = options.max_frame_bytes}},
        depacketizer_{make_depacketizer(options.codec)},
        needs_key_frame_{is_video(options.codec)} {}

  void insert(Bytes rtp, Instant arrival) {
    ++counters_.packets;
    const auto packet = read_rtp_packet(rtp, options_.orientation_id);
    if (!packet) {
      ++counters_.malformed;
      return;
    }
    packets_.insert(*packet, arrival);
  }

  std::optional<RtpFrame> next(Instant now) {
    while (ready_.empty()) {
      const auto packet = packets_.next(now);
      if (!packet) return std::nullopt;
      take(*packet);
    }
    RtpFrame frame = std::move(ready_.front());
    ready_.pop_front();
    return frame;
  }

  void reset() {
    packets_.reset();
    depacketizer_ = make_depacketizer(options_.codec);
    frame_.reset();
    ready_.clear();
    needs_key_frame_ = is_video(options_.codec);
    after_loss_ = false;
    turn_.reset();
    wish_at_.reset();
  }

  bool take_key_frame_wish(Instant now) {
    if (!wish_at_ || now < *wish_at_) return false;
    wish_at_ = now + kWishAgain;
    return true;
  }

  std::int64_t unwrap(std::uint32_t timestamp) const noexcept { return packets_.unwrap(timestamp); }

  const Counters& counters() noexcept {
    counters_.lost = packets_.counters().lost;
    counters_.late = packets_.counters().late;
    return counters_;
  }

 private:
  void take(const OrderedPacket& packet) {
    if (packet.after_gap) note_loss();
    if (packet.payload.empty()) return;
    if (frame_ && frame_->frame.timestamp != packet.timestamp) end_frame();  // its last packet had no marker
    if (!frame_) begin_frame(packet);
    if (packet.turn) turn_ = packet.turn;
    add(packet);
    if (packet.marker || !is_video(options_.codec)) end_frame();
  }

  void begin_frame(const OrderedPacket& packet) {
    frame_.emplace();
    frame_->frame.timestamp = packet.timestamp;
    frame_->frame.arrival = packet.arrival;
    frame_->frame.data.reserve(last_frame_bytes_);
    depacketizer_->begin();
  }

  void add(const OrderedPacket& packet) {
    RtpFrame& frame = frame_->frame;
    frame.arrival = std::max(frame.arrival, packet.arrival);
    if (frame_->broken) return;
    if (frame.data.size() + packet.payload.size() > options_.max_frame_bytes) {
      frame_->broken = true;
      return;
    }
    const Added added = depacketizer_->add(packet.payload, frame.data);
    if (added == Added::malformed) ++counters_.malformed;
    frame_->broken = added != Added::yes;
  }

  void end_frame() {
    BegunFrame begun = std::move(*frame_);
    frame_.reset();
    const FinishedFrame finished = begun.broken ? FinishedFrame{} : depacketizer_->finish(begun.frame.data);
    if (finished.verdict == Verdict::no_picture) return;
    if (finished.verdict == Verdict::incomplete) note_loss();
    if (finished.verdict == Verdict::incomplete || (needs_key_frame_ && !finished.key_frame)) {
      drop_frame();
      return;
    }
    give_out(std::move(begun.frame), finished);
  }

  void give_out(RtpFrame frame, const FinishedFrame& finished) {
    frame.key_frame = finished.key_frame;
    frame.size = finished.size;
    frame.turn = turn_;
    frame.after_loss = std::exchange(after_loss_, false);
    if (finished.key_frame) {
      needs_key_frame_ = false;
      wish_at_.reset();
    }
    ++counters_.frames;
    last_frame_bytes_ = frame.data.size();
    ready_.push_back(std::move(frame));
  }

  void drop_frame() {
    ++counters_.frames_dropped;
    after_loss_ = true;
    wish_key_frame();
  }

  void note_loss() {
    after_loss_ = true;
    if (frame_) frame_->broken = true;
    if (!is_video(options_.codec)) return;
    needs_key_frame_ = true;
    wish_key_frame();
  }

  void wish_key_frame() {
    if (needs_key_frame_ && !wish_at_) wish_at_ = Instant::min();
  }

  Options options_;
  Counters counters_;
  PacketBuffer packets_;
  std::unique_ptr<Depacketizer> depacketizer_;
  std::optional<BegunFrame> frame_;
  std::deque<RtpFrame> ready_;        // at most two: one that a packet ends by its timestamp, one that is a packet
  std::size_t last_frame_bytes_ = 0;  // the next one may well be as long
  bool needs_key_frame_;
  bool after_loss_ = false;
  std::optional<Turn> turn_;
  std::optional<Instant> wish_at_;
};

FrameAssembler::FrameAssembler(const Options& options) : impl_{std::make_unique<Impl>(options)} {}
FrameAssembler::FrameAssembler(FrameAssembler&&) noexcept = default;
FrameAssembler& FrameAssembler::operator=(FrameAssembler&&) noexcept = default;
FrameAssembler::~FrameAssembler() = default;

void FrameAssembler::insert(std::span<const std::uint8_t> rtp, Instant arrival) { impl_->insert(rtp, arrival); }
std::optional<RtpFrame> FrameAssembler::next(Instant now) { return impl_->next(now); }
void FrameAssembler::reset() { impl_->reset(); }
bool FrameAssembler::take_key_frame_wish(Instant now) { return impl_->take_key_frame_wish(now); }
std::int64_t FrameAssembler::unwrap(std::uint32_t timestamp) const noexcept { return impl_->unwrap(timestamp); }
const FrameAssembler::Counters& FrameAssembler::counters() const noexcept { return impl_->counters(); }

}  // namespace sluice::media
