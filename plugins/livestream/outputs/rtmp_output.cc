#include "outputs/rtmp_output.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include "outputs/address_rules.h"
#include "outputs/host_lookup.h"

namespace sluice::livestream {

namespace {

using namespace std::chrono_literals;
using media::MediaError;

constexpr auto kConnecting = 8s;     // all of it, however slowly the server goes on
constexpr auto kFarewell = 1'500ms;  // for what waits, and the goodbye
constexpr auto kStalled = 10'000ms;  // a write that does not get on

/// Will not be tried again.
struct NeverAgain {
  std::string reason;
};

class ServerPublisher final : public RtmpPublisher {
 public:
  explicit ServerPublisher(media::RtmpOptions options) : writer_{std::move(options)} {}
  void write(const media::Packet& packet, media::MediaTime begin) override { writer_.write(packet, begin); }
  void change(std::size_t track, const media::TrackFormat& format) override { writer_.change(track, format); }
  void finish() override { writer_.finish(); }
  [[nodiscard]] std::uint64_t bytes() const noexcept override { return writer_.bytes(); }

 private:
  media::RtmpWriter writer_;
};

/// Whether another of the host's addresses may do better.
bool is_about_the_address(const MediaError& error) {
  constexpr std::array kCodes{-ECONNREFUSED, -EHOSTUNREACH, -ENETUNREACH, -EADDRNOTAVAIL, -EAFNOSUPPORT};
  return std::ranges::find(kCodes, error.code()) != kCodes.end();
}

}  // namespace

class RtmpOutput::Impl {
 public:
  Impl(RtmpOutputOptions options, RtmpOutputNeeds needs);
  ~Impl() { finish(); }

  void put(const ProgramPacketPtr& packet) { queue_.put(packet); }
  void close() { queue_.close(); }
  void finish();
  [[nodiscard]] const std::string& id() const noexcept { return options_.id; }
  [[nodiscard]] TargetFigures figures(std::chrono::milliseconds elapsed);

 private:
  void run();
  /// Until the queue is closed and empty. Throws MediaError, NeverAgain.
  void push();
  [[nodiscard]] std::unique_ptr<RtmpPublisher> connect(const ProgramFormat& format);
  [[nodiscard]] std::vector<std::string> addresses(Function<bool()>& cancelled);
  void send(RtmpPublisher& publisher, const ProgramPacket& packet);
  void adopt(RtmpPublisher& publisher, const ProgramFormatPtr& format);
  /// @return false: it is over.
  bool wait_after(const MediaError& error);
  [[nodiscard]] bool gives_up();
  void report(TargetState state, std::string reason = {}, std::chrono::milliseconds retry_in = 0ms);

  RtmpOutputOptions options_;
  RtmpOutputNeeds needs_;
  OutputQueue queue_;
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> reconnects_{0};
  std::uint64_t counted_bytes_ = 0;  // by the last figures()

  // Of the thread.
  HostLookup lookup_;
  Backoff backoff_;
  std::string host_;
  ProgramFormatPtr format_;                // that the server knows
  std::optional<media::MediaTime> begin_;  // of this connection's packets
  std::optional<Instant> deadline_;        // while it connects
  std::optional<Instant> closing_since_;
  bool timed_out_ = false;
  bool is_live_ = false;

  std::thread thread_;  // the last: it uses all of the others
};

RtmpOutput::Impl::Impl(RtmpOutputOptions options, RtmpOutputNeeds needs)
    : options_{std::move(options)},
      needs_{std::move(needs)},
      queue_{options_.queue},
      backoff_{options_.backoff, std::hash<std::string>{}(options_.id)} {
  const auto url = media::parse_rtmp_url(options_.url);
  if (!url) {
    queue_.close();
    report(TargetState::failed, std::string{to_text(url.error())});
    return;
  }
  host_ = url->host;
  if (!needs_.connect) {
    needs_.connect = [](media::RtmpOptions rtmp) { return std::make_unique<ServerPublisher>(std::move(rtmp)); };
  }
  if (!needs_.resolve) {
    needs_.resolve = [this](const std::string& host, Function<bool()>& cancelled) {
      return lookup_.resolve(host, cancelled);
    };
  }
  queue_.pause();
  thread_ = std::thread{[this] { run(); }};
}

void RtmpOutput::Impl::finish() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void RtmpOutput::Impl::run() {
  report(TargetState::connecting);
  while (!queue_.closed()) {
    try {
      push();
    } catch (const MediaError& error) {
      if (!wait_after(error)) return;
    } catch (const NeverAgain& never) {
      queue_.close();
      report(TargetState::failed, never.reason);
    }
  }
}

void RtmpOutput::Impl::push() {
  const auto format = queue_.wait_for_format();
  if (format == nullptr) return;
  const auto publisher = connect(*format);
  format_ = format;
  begin_.reset();
  queue_.begin();
  needs_.key_frame_wanted();
  while (const auto packet = queue_.take()) send(*publisher, *packet);
  publisher->finish();
}

std::unique_ptr<RtmpPublisher> RtmpOutput::Impl::connect(const ProgramFormat& format) {
  timed_out_ = false;
  deadline_ = needs_.now() + kConnecting;
  Function<bool()> cancelled = [this] { return gives_up(); };
  const auto found = addresses(cancelled);
  for (auto address = found.begin();; ++address) {
    try {
      auto publisher = needs_.connect({.url = options_.url,
                                       .tracks = {format.video, format.audio},
                                       .address = *address,
                                       .timeout = kStalled,
                                       .ca_file = options_.ca_file,
                                       .cancelled = [this] { return gives_up(); }});
      deadline_.reset();
      return publisher;
    } catch (const MediaError& error) {
      if (std::next(address) == found.end() || !is_about_the_address(error)) throw;
    }
  }
}

std::vector<std::string> RtmpOutput::Impl::addresses(Function<bool()>& cancelled) {
  auto found = needs_.resolve(host_, cancelled);
  if (found.empty()) throw MediaError{"the host " + host_ + " is not found", -ENOENT};
  if (!options_.private_targets && !std::ranges::all_of(found, is_public_address)) {
    throw NeverAgain{"the host " + host_ + " is not on the public internet"};
  }
  return found;
}

void RtmpOutput::Impl::send(RtmpPublisher& publisher, const ProgramPacket& packet) {
  if (!begin_) begin_ = packet.packet.dts;
  if (packet.packet.dts < *begin_) return;  // sound from before the first picture
  if (packet.format != format_) adopt(publisher, packet.format);
  const auto before = publisher.bytes();
  publisher.write(packet.packet, *begin_);
  bytes_ += publisher.bytes() - before;
  if (is_live_) return;
  is_live_ = true;
  backoff_.on_live(needs_.now());
  report(TargetState::live);
}

void RtmpOutput::Impl::adopt(RtmpPublisher& publisher, const ProgramFormatPtr& format) {
  if (format->video.extradata != format_->video.extradata) publisher.change(kVideoTrack, format->video);
  if (format->audio.extradata != format_->audio.extradata) publisher.change(kAudioTrack, format->audio);
  format_ = format;
}

bool RtmpOutput::Impl::wait_after(const MediaError& error) {
  queue_.pause();
  deadline_.reset();
  if (queue_.closed()) return false;
  is_live_ = false;
  const auto delay = backoff_.on_failure(needs_.now());
  report(TargetState::reconnecting, timed_out_ ? "the server does not answer" : error.what(), delay);
  if (!queue_.wait(delay)) return false;
  ++reconnects_;
  return true;
}

/// Asked while the network is waited for.
bool RtmpOutput::Impl::gives_up() {
  const auto now = needs_.now();
  if (deadline_) {
    timed_out_ = now >= *deadline_;
    return timed_out_ || queue_.closed();
  }
  if (!queue_.closed()) return false;
  if (!closing_since_) closing_since_ = now;
  return now - *closing_since_ >= kFarewell;
}

void RtmpOutput::Impl::report(TargetState state, std::string reason, std::chrono::milliseconds retry_in) {
  needs_.report({.id = options_.id, .state = state, .reason = std::move(reason), .retry_in_ms = retry_in.count()});
}

TargetFigures RtmpOutput::Impl::figures(std::chrono::milliseconds elapsed) {
  const std::uint64_t bytes = bytes_;
  const auto since = static_cast<std::int64_t>(bytes - std::exchange(counted_bytes_, bytes));
  const auto rate = elapsed > 0ms ? since * 8 * 1'000 / elapsed.count() : 0;
  return {.id = options_.id,
          .bits_per_second = rate,
          .bytes = static_cast<std::int64_t>(bytes),
          .dropped_frames = static_cast<std::int64_t>(queue_.dropped_frames()),
          .reconnects = static_cast<std::int64_t>(reconnects_.load())};
}

RtmpOutput::RtmpOutput(RtmpOutputOptions options, RtmpOutputNeeds needs)
    : impl_{std::make_unique<Impl>(std::move(options), std::move(needs))} {}
RtmpOutput::~RtmpOutput() = default;
void RtmpOutput::put(const ProgramPacketPtr& packet) { impl_->put(packet); }
void RtmpOutput::close() { impl_->close(); }
void RtmpOutput::finish() { impl_->finish(); }
const std::string& RtmpOutput::id() const noexcept { return impl_->id(); }
TargetFigures RtmpOutput::figures(std::chrono::milliseconds elapsed) { return impl_->figures(elapsed); }

}  // namespace sluice::livestream
