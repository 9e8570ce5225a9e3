#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>

namespace sluice::net {

/// The bytes that large bodies of all connections may take at once: what one route allows to each must not become what
/// thousands of peers may take together. Safe from any thread.
class BodyBudget {
 public:
  /// What one body holds of the budget; goes back with it. The budget outlives it.
  class Share {
   public:
    Share(BodyBudget& budget, std::size_t bytes) noexcept : budget_{&budget}, bytes_{bytes} {}
    Share(Share&& other) noexcept : budget_{std::exchange(other.budget_, nullptr)}, bytes_{other.bytes_} {}
    Share& operator=(Share&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Share() {
      if (budget_ != nullptr) budget_->left_.fetch_add(bytes_, std::memory_order_relaxed);
    }

   private:
    BodyBudget* budget_;
    std::size_t bytes_;
  };

  explicit BodyBudget(std::size_t bytes) noexcept : left_{bytes} {}

  /// Nothing if so much is not left.
  [[nodiscard]] std::optional<Share> take(std::size_t bytes) noexcept {
    std::size_t left = left_.load(std::memory_order_relaxed);
    do {
      if (left < bytes) return std::nullopt;
    } while (!left_.compare_exchange_weak(left, left - bytes, std::memory_order_relaxed));
    return Share{*this, bytes};
  }
  [[nodiscard]] std::size_t left() const noexcept { return left_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> left_;
};

}  // namespace sluice::net
