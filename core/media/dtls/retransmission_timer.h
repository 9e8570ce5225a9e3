#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "sluice/time.h"

struct timeval;

namespace sluice {

/// The timer of RFC 6347 section 4.2.4 on injected time.
///
/// OpenSSL keeps this timer by itself and on the system's wall clock: it would not know simulated time, and a wall
/// clock that is set back would stop retransmission. It can neither be told the time nor be made to retransmit before
/// its own timer is due. What it offers is used as follows:
///  - the timer callback (DTLS_set_timer_cb) is asked for durations. It names one that no handshake lives to see, so
///  that
///    OpenSSL never retransmits by its own clock, and takes note of the real one.
///  - BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT tells when a flight starts and stops waiting: that sets our deadline. Up to
///    OpenSSL 3.1 its argument is the very variable that OpenSSL compares with the clock. When our deadline has passed
///    it is set to 1970, and DTLSv1_handle_timeout retransmits.
/// From OpenSSL 3.2 on the argument is a copy. There the callback names the real duration and both clocks run side by
/// side; a deadline that OpenSSL does not think due yet is tried again after kRetry.
class RetransmissionTimer {
 public:
  enum class Drive : std::uint8_t { injected_clock, both_clocks };
  static constexpr Duration kRetry = std::chrono::milliseconds{10};

  RetransmissionTimer(Duration initial, Duration maximum, Drive drive) noexcept
      : initial_{initial}, maximum_{maximum}, drive_{drive} {}

  /// What the OpenSSL that is loaded allows.
  [[nodiscard]] static Drive supported_drive() noexcept;

  void set_now(Instant now) noexcept { now_ = now; }
  [[nodiscard]] std::optional<Instant> deadline() const noexcept { return deadline_; }
  [[nodiscard]] bool is_due() const noexcept { return deadline_ && *deadline_ <= now_; }
  void stop() noexcept { deadline_.reset(); }

  /// To be called before DTLSv1_handle_timeout.
  void make_due() noexcept;
  /// To be called where DTLSv1_handle_timeout found nothing due.
  void retry_later() noexcept { deadline_ = now_ + kRetry; }

  /// DTLS_set_timer_cb: 0 asks for the first interval of a flight, anything else for the one after it. Microseconds.
  [[nodiscard]] unsigned next_interval_us(unsigned previous_us) noexcept;
  /// BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT: zero stands for a stopped timer.
  void handle_openssl_deadline(timeval* deadline) noexcept;

 private:
  Duration initial_;
  Duration maximum_;
  Drive drive_;
  Instant now_{};
  Duration interval_{};
  std::optional<Instant> deadline_;
  timeval* openssl_deadline_ = nullptr;  // inside the SSL object, which lives as long as the BIO that owns this
};

}  // namespace sluice
