using CsCheck;
using Decent.Canister.Client;
using Decent.Ledger.Journal;

namespace Decent.Ledger.Tests.Journal;

public sealed class CheckpointTests
{
    private static readonly Checkpoint Golden = new(
        "decent/test", 1234, Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), new DateTimeOffset(2026, 3, 1, 12, 0, 0, 123, 456, TimeSpan.Zero));

    [Fact]
    public void A_checkpoint_has_its_golden_text()
    {
        Assert.Equal(
            "decent/test\n1234\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\ntime 2026-03-01T12:00:00.123456Z\n", Golden.Body());
        var note = CheckpointNote.Sign(Golden, LedgerDatabase.Signer);
        Assert.StartsWith(Golden.Body() + "\n\u2014 decent/test ", note, StringComparison.Ordinal);
        Assert.Equal(note, CheckpointNote.Sign(Golden, LedgerDatabase.Signer));
        Assert.Equal(Golden.Body(), CheckpointNote.Read(note)!.Body());
    }

    [Fact]
    public void Only_the_key_that_signed_a_checkpoint_verifies_it_and_only_as_it_was()
    {
        var note = CheckpointNote.Sign(Golden, LedgerDatabase.Signer);
        var key = LedgerDatabase.Signer.PublicKeyDer.ToArray();
        Assert.True(CheckpointNote.IsSignedBy(note, key));
        Assert.False(CheckpointNote.IsSignedBy(note, Ed25519Identity.FromSeed(new byte[32]).PublicKeyDer.Span));

        Gen.Select(Gen.Int[0, note.Length - 1], Gen.Char['!', '~']).Sample((place, letter) =>
        {
            var changed = string.Concat(note.AsSpan(0, place), letter.ToString(), note.AsSpan(place + 1));
            Assert.Equal(changed == note, CheckpointNote.IsSignedBy(changed, key));
        });
    }

    [Fact]
    public void A_file_of_notes_splits_where_they_were_joined()
    {
        var notes = Enumerable.Range(1, 5).Select(i => CheckpointNote.Sign(Golden with { Size = i }, LedgerDatabase.Signer)).ToList();

        Assert.Equal(notes, CheckpointNote.SplitFile(string.Concat(notes)));
        Assert.Empty(CheckpointNote.SplitFile(""));
        Assert.Null(CheckpointNote.Read(notes[0][..^8]));
    }
}
