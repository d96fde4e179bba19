"""Media in a directory and in a bucket behave the same."""

import pytest
from moto.server import ThreadedMotoServer

from service.errors import NotFound
from service.media import MediaAway, media_at

NOBODYS = "0" * 32


@pytest.fixture(scope="session")
def s3():
    """An S3 service of our own."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3, monkeypatch):
    """An empty bucket; its address and credentials come from the environment."""
    import boto3

    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "rehearsal")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rehearsal")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client = boto3.client("s3")
    client.create_bucket(Bucket="portline")
    yield client
    for kept in client.list_objects_v2(Bucket="portline").get("Contents", []):
        client.delete_object(Bucket="portline", Key=kept["Key"])
    client.delete_bucket(Bucket="portline")


@pytest.fixture(params=["file", "s3"])
def media(request, tmp_path):
    if request.param == "file":
        return media_at(f"file:{tmp_path}/media")
    request.getfixturevalue("bucket")
    return media_at("s3://portline/some/where")


def test_what_is_kept_is_found_by_its_name(media):
    name = media.put(b"a picture", "image/png")
    assert media.get(name) == b"a picture"
    assert media.put(b"a picture", "image/png") != name


def test_what_is_dropped_is_gone_and_may_be_dropped_again(media):
    name = media.put(b"a picture", "image/png")
    media.drop(name)
    media.drop(name)
    with pytest.raises(NotFound):
        media.get(name)


@pytest.mark.parametrize("name", [NOBODYS, "", "../secrets.json", "/etc/passwd"])
def test_there_is_nothing_under_a_name_that_was_not_given(media, name):
    with pytest.raises(NotFound):
        media.get(name)


def test_a_bucket_keeps_the_kind_and_the_prefix(bucket):
    name = media_at("s3://portline/some/where").put(b"a picture", "image/png")
    assert bucket.head_object(Bucket="portline", Key=f"some/where/{name}")["ContentType"] == "image/png"


def test_a_bucket_that_is_not_there_is_away(bucket):
    with pytest.raises(MediaAway, match="NoSuchBucket"):
        media_at("s3://nobodys").get(NOBODYS)


def test_a_service_that_does_not_answer_is_away(bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(MediaAway):
        media_at("s3://portline").put(b"a picture", "image/png")


@pytest.mark.parametrize("name", ["c#", "what?", "100%25", "med mellanslag"])
def test_a_directory_may_have_any_name(tmp_path, name):
    kept = media_at(f"file:{tmp_path}/{name}").put(b"a picture", "image/png")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert [path.read_bytes() for path in (tmp_path / name).rglob(kept)] == [b"a picture"]


def test_a_directory_that_cannot_be_written_is_away(tmp_path):
    (tmp_path / "media").write_text("a file stands in the way")
    with pytest.raises(MediaAway):
        media_at(f"file:{tmp_path}/media").put(b"a picture", "image/png")
