using Decent.Sandbox.Emulators;

namespace Decent.Sandbox.Tests.Emulators;

public sealed class DocumentLogTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void What_was_written_together_is_there_again_and_a_torn_line_is_dropped_as_a_whole()
    {
        using (var log = new DocumentLog(_path))
        {
            log.Write(new Document("a", "1", new Note("one")), new Document("b", "2", new Note("two")));
            log.Write(new Document("a", "1", new Note("changed")), new Document("a", "3", new Note("three")));
        }

        var whole = File.ReadAllBytes(_path);
        var first = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var length = first; length <= whole.Length; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);
            using var log = new DocumentLog(_path);
            var complete = length == whole.Length;
            Assert.Equal(complete ? ["changed", "three"] : ["one"], log.All<Note>("a").Select(n => n.Text));
            Assert.Equal("two", log.Find<Note>("b", "2")!.Text);
            log.Write(new Document("c", "4", new Note("after")));
        }

        using var last = new DocumentLog(_path);
        Assert.Equal("after", last.Find<Note>("c", "4")!.Text);
    }

    [Fact]
    public void Damage_in_the_middle_is_told_and_not_skipped()
    {
        File.WriteAllText(_path, "[]\n{broken\n[]\n");
        Assert.Throws<InvalidDataException>(() => new DocumentLog(_path));
    }

    public void Dispose() => File.Delete(_path);

    private sealed record Note(string Text);
}
