"""Where a data file may lie."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from app.work.safe_place import disk_sentence, on_network, on_windows_share, why_unsafe

MOUNTS = r"""/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
server:/export /srv/county nfs4 rw 0 0
//server/share /mnt/民政\040共享 cifs rw 0 0
/dev/sdb1 /mnt/民政\040共享/usb fuseblk rw 0 0
me@host:/home /home/me/far fuse.sshfs rw 0 0
gvfsd-fuse /run/user/0/gvfs fuse.gvfsd-fuse rw 0 0
/dev/sdc1 /media/u fuse.ntfs-3g rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "network"),
    [
        ("/home/me", False),
        ("/home/me/far", True),
        ("/home/me/far/deep/er", True),
        ("/home/me/farther", False),
        ("/srv/county/牛街乡", True),
        ("/srv", False),
        ("/mnt/民政 共享", True),
        ("/mnt/民政 共享/usb/乡", False),  # a stick mounted below a share is a disk of this computer
        ("/run/user/0/gvfs/smb-share", True),
        ("/media/u", False),
    ],
)
def test_network_drives_of_linux(folder: str, network: bool) -> None:
    assert on_network(folder, MOUNTS) is network


@pytest.mark.parametrize(
    ("path", "kind", "share"),
    [
        (r"\\server\share\乡\牛街乡.db", 3, True),
        (r"//server/share/牛街乡.db", 3, True),
        (r"Z:\乡\牛街乡.db", 4, True),
        (r"D:\乡镇 民政\张三（测试）\牛街乡.db", 3, False),
        (r"E:\牛街乡.db", 2, False),
    ],
)
def test_network_drives_of_windows(path: str, kind: int, share: bool) -> None:
    asked: list[str] = []

    def drive_kind(root: str) -> int:
        asked.append(root)
        return kind

    assert on_windows_share(path, drive_kind) is share
    assert asked == ([] if path[0] in "\\/" else [f"{path[:2]}\\"])


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        ("OneDrive", "OneDrive"), ("OneDrive - 牛街乡人民政府", "OneDrive"), ("坚果云", "坚果云"),
        ("我的坚果云", "坚果云"), ("Nutstore Files", "坚果云"), ("Dropbox", "Dropbox"), ("Dropbox (个人)", "Dropbox"),
        ("百度网盘", "百度网盘"),
        ("BaiduNetdisk", "百度网盘"), ("BaiduSyncdisk", "百度网盘"), ("百度云同步盘", "百度云同步盘"),
        ("WPS云盘", "WPS 云盘"), ("WPSDrive", "WPS 云盘"), ("iCloudDrive", "iCloud"), ("微云", "微云"),
    ],
)  # fmt: skip
def test_sync_folders(tmp_path: Path, folder: str, program: str) -> None:
    inside = tmp_path / folder / "民政"
    inside.mkdir(parents=True)
    told = why_unsafe(inside / "牛街乡.db", "")
    assert told is not None and f"由{program}自动同步" in told and "本机硬盘" in told


@pytest.mark.parametrize(
    "folder", ["民政", "onedrives", "BaiduNetdiskDownload", "微云岭村", "张三（测试） 王 小明", "a&'#b"]
)
def test_ordinary_folders(tmp_path: Path, folder: str) -> None:
    inside = tmp_path / folder
    inside.mkdir()
    assert why_unsafe(inside / "牛街乡.db", "") is None
    assert why_unsafe(inside / "牛街乡.db") is None, "and by the mounts of this computer"
    assert list(inside.iterdir()) == []


def test_each_reason_is_one_sentence(tmp_path: Path) -> None:
    real = tmp_path.resolve()
    told = [
        why_unsafe(real / "乡.db", f"x {real} nfs4 rw 0 0\n"),
        why_unsafe(real / "没有" / "乡.db", ""),
        why_unsafe(real, ""),
        why_unsafe(Path("/proc/乡.db"), "proc /proc proc rw 0 0"),
    ]
    for sentence, words in zip(told, ["网络盘", "不存在", "是一个文件夹", "不能写入"], strict=True):
        assert sentence is not None and words in sentence and sentence.count("。") == 1


def test_a_read_only_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "乡.db"
    path.write_bytes(b"")
    path.chmod(stat.S_IRUSR)
    if os.geteuid() == 0:  # whom nothing is read-only for
        monkeypatch.setattr(os, "access", lambda at, mode: bool(Path(at).stat().st_mode & stat.S_IWUSR))
    told = why_unsafe(path, "")
    assert told is not None and "只读" in told


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.ENOENT, errno.EIO, errno.EFBIG])
def test_what_a_disk_means(number: int) -> None:
    told = disk_sentence(OSError(number, os.strerror(number)))
    assert told.endswith("。") and told.count("。") == 1 and os.strerror(number) not in told
