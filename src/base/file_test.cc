#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/temp_folder.h"

namespace spoor {
namespace {

TEST(File, WritesAndReadsBack) {
  const TempFolder folder;
  const std::string path = folder / "a";
  ASSERT_TRUE(write_file_atomically(path, "first"));
  ASSERT_TRUE(write_file_atomically(path, std::string_view("se\0cond", 7), 0640));
  EXPECT_EQ(read_file(path, 7).value(), std::string_view("se\0cond", 7));
  EXPECT_EQ(file_size(path).value(), 7U);
  struct stat status{};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1)
      << "a temporary file stayed";
}

TEST(File, AFailedWriteLeavesTheOldContent) {
  const TempFolder folder;
  ASSERT_TRUE(make_folders(folder / "taken/inside"));
  const Result<void> written = write_file_atomically(folder / "taken", "x");
  ASSERT_FALSE(written);
  EXPECT_TRUE(std::filesystem::is_directory(folder / "taken/inside"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(File, RefusesLargerMissingAndStrangeFiles) {
  const TempFolder folder;
  ASSERT_TRUE(write_file_atomically(folder / "a", "12345"));
  EXPECT_EQ(read_file(folder / "a", 4).error().code, ErrorCode::kLimit);
  EXPECT_EQ(read_file(folder / "b", 4).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_file(folder.path(), 4).error().code, ErrorCode::kInvalidInput);
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_file(folder / "pipe", 4).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(file_size(folder.path()).error().code, ErrorCode::kInvalidInput);
}

TEST(File, ReadsFilesWhoseSizeIsNotKnown) {
  EXPECT_GT(read_file("/proc/self/status", 1 << 20).value().size(), 100U);
}

TEST(File, MakesFolders) {
  const TempFolder folder;
  ASSERT_TRUE(make_folders(folder / "a/b/c/"));
  ASSERT_TRUE(make_folders(folder / "a/b/c"));
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b/c"));
  ASSERT_TRUE(write_file_atomically(folder / "file", ""));
  EXPECT_EQ(make_folders(folder / "file").error().code, ErrorCode::kConflict);
  EXPECT_FALSE(make_folders(folder / "file/below"));
}

TEST(File, AnUnnamedFileHasNoName) {
  const TempFolder folder;
  const Result<FileHandle> file = open_unnamed_file(folder.path());
  ASSERT_TRUE(file);
  ASSERT_TRUE(write_all(file->get(), "bytes", "unnamed"));
  EXPECT_EQ(lseek(file->get(), 0, SEEK_CUR), 5);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(TempFolder, LeavesNothingBehind) {
  std::string path;
  {
    const TempFolder folder;
    path = folder.path();
    ASSERT_TRUE(make_folders(folder / "a/b"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace spoor
