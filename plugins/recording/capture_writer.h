#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "capture.h"
#include "capture_events.h"
#include "capture_session.h"

namespace sluice::recording {

/// Who drains the sessions.
enum class WriterRuns : std::uint8_t {
  on_its_thread,
  on_the_caller  ///< of tell_time(): for tests, in which nothing happens by itself
};

/// The one thread on which all captures write. It reads no clock: time is what the control side has told last, or the
/// arrival of a newer packet.
class CaptureWriter {
 public:
  explicit CaptureWriter(WriterRuns runs);
  /// Ends the sessions that nobody has ended, and waits for their files.
  ~CaptureWriter();
  CaptureWriter(const CaptureWriter&) = delete;
  CaptureWriter& operator=(const CaptureWriter&) = delete;

  // Control thread
  void add(std::unique_ptr<CaptureSession> session);
  /// Several times a second.
  void tell_time(Instant now);
  [[nodiscard]] CaptureEvents& events() noexcept { return events_; }

 private:
  void run(const std::stop_token& stopped);
  /// The sessions that were added. @return false: there is nothing to do any more.
  bool wait(const std::stop_token& stopped);
  void drain();
  void close();

  CaptureEvents events_;                                   // control thread
  std::atomic<Instant::rep> told_ = 0;                     // control to writer
  std::mutex mutex_;                                       // of added_
  std::vector<std::unique_ptr<CaptureSession>> added_;     // control to writer
  std::condition_variable_any woken_;                      // something was added
  std::vector<std::unique_ptr<CaptureSession>> sessions_;  // writer
  Instant now_{};                                          // writer
  std::jthread thread_;                                    // the last member: joined before all else goes
};

[[nodiscard]] CaptureWriterPtr make_capture_writer(WriterRuns runs);

}  // namespace sluice::recording
