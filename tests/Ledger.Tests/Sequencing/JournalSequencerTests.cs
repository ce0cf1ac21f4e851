using Dapper;
using Decent.Ledger.Books;
using Decent.Ledger.Journal;
using Decent.Testing;
using Microsoft.Extensions.Time.Testing;
using static Decent.Ledger.Tests.Assets;

namespace Decent.Ledger.Tests.Sequencing;

public sealed class JournalSequencerTests(LedgerDatabase ledger) : IClassFixture<LedgerDatabase>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_record_has_one_place_and_a_proof_that_verifies_at_every_checkpoint()
    {
        var sequencer = ledger.Sequencer();
        foreach (var batch in new[] { 1, 2, 254, 3, 300, 1, 600 })
        {
            await PostAsync(batch);
            await ledger.SequenceAllAsync(sequencer);
        }

        var notes = (await ledger.Journal.CheckpointsAsync(0, 1000, Token)).Select(n =>
        {
            Assert.True(CheckpointNote.IsSignedBy(n, LedgerDatabase.Signer.PublicKeyDer.Span));
            return CheckpointNote.Read(n)!;
        }).ToList();
        var size = await ledger.Journal.SizeAsync(Token);
        Assert.True(size >= 1161);
        Assert.Equal(size, notes[^1].Size);
        Assert.Equal(size, await ledger.ScalarAsync<long>("select count(distinct s) from ledger.log_chunks c, unnest(c.seqs) s"));

        var seqs = (await SequencesAsync()).Where((_, i) => i % 37 == 0).ToList();
        foreach (var seq in seqs)
        {
            foreach (var checkpoint in notes)
            {
                if (await ledger.Journal.ProveInclusionAsync(seq, checkpoint.Size, Token) is not { } proof)
                {
                    continue;
                }

                Assert.True(MerkleTree.VerifyInclusion(
                    MerkleTree.JournalLeaf(seq, proof.RecordHash.Span), proof.Index, proof.Size, proof.Hashes, checkpoint.Root.Span));
                Assert.NotNull(proof.Note);
            }

            Assert.NotNull(await ledger.Journal.ProveInclusionAsync(seq, null, Token));
        }

        foreach (var (first, second) in from a in notes from b in notes where a.Size <= b.Size select (a, b))
        {
            var proof = await ledger.Journal.ProveConsistencyAsync(first.Size, second.Size, Token);
            Assert.True(MerkleTree.VerifyConsistency(first.Size, first.Root.Span, second.Size, second.Root.Span, proof!.Hashes));
        }
    }

    [Fact]
    public async Task A_running_transaction_holds_back_what_came_after_it_and_nothing_is_lost()
    {
        await ledger.SequenceAllAsync();
        var before = await ledger.Journal.SizeAsync(Token);
        await using var connection = await ledger.Database.App.OpenConnectionAsync(Token);
        var transaction = await connection.BeginTransactionAsync(Token);
        var batch = new BooksBatch();
        batch.Add(Post("user/held-back"));
        await ledger.Books.ApplyAsync(transaction, batch, LedgerDatabase.Now, Token);
        await PostAsync(5);

        await ledger.Sequencer().RunAsync(Token);
        Assert.Equal(before, await ledger.Journal.SizeAsync(Token));
        await transaction.CommitAsync(Token);

        await ledger.SequenceAllAsync();
        Assert.Equal(before + 6, await ledger.Journal.SizeAsync(Token));
    }

    [Fact]
    public async Task Numbers_drawn_in_vain_leave_no_hole_in_the_log()
    {
        await ledger.SequenceAllAsync();
        var before = await ledger.Journal.SizeAsync(Token);
        await using (var connection = await ledger.Database.App.OpenConnectionAsync(Token))
        {
            await using var transaction = await connection.BeginTransactionAsync(Token);
            var batch = new BooksBatch();
            batch.Add(Post());
            await ledger.Books.ApplyAsync(transaction, batch, LedgerDatabase.Now, Token);
        }

        await PostAsync(1);
        await ledger.SequenceAllAsync();

        Assert.Equal(before + 1, await ledger.Journal.SizeAsync(Token));
    }

    [Fact]
    public async Task Writers_and_several_sequencers_at_once_give_every_record_one_place()
    {
        var rounds = Deep.Count(30);
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < rounds; i++)
            {
                await PostAsync(1 + (i % 3));
            }
        }));
        var sequencing = Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            while (!writing.IsCompleted)
            {
                await ledger.Sequencer().RunAsync(Token);
            }
        }));

        await writing;
        await sequencing;
        await ledger.SequenceAllAsync();

        Assert.Equal(0, await ledger.ScalarAsync<long>(
            """
            select count(*) from ledger.records r
            full join (select s as seq, count(*) as n from ledger.log_chunks c, unnest(c.seqs) s group by s) l on l.seq = r.seq
            where r.seq is null or l.seq is null or l.n <> 1
            """));
    }

    [Fact]
    public async Task A_checkpoint_is_due_ten_seconds_after_the_last_one_at_the_latest_and_only_when_something_is_new()
    {
        await ledger.SequenceAllAsync();
        var clock = new FakeTimeProvider(LedgerDatabase.Now.AddDays(1));
        var sequencer = ledger.Sequencer(clock);
        await PostAsync(1);
        Assert.True(await sequencer.NextDueAsync(Token) <= clock.GetUtcNow());
        while (await sequencer.NextDueAsync(Token) <= clock.GetUtcNow())
        {
            await sequencer.RunDueAsync(Token);
        }

        await PostAsync(1);
        var due = await sequencer.NextDueAsync(Token);
        Assert.InRange(due!.Value, clock.GetUtcNow(), clock.GetUtcNow().AddSeconds(10));
        Assert.Equal(0, await sequencer.RunDueAsync(Token));
        clock.SetUtcNow(due.Value);
        Assert.True(await sequencer.RunDueAsync(Token) > 0);
        Assert.Equal(
            await ledger.Journal.SizeAsync(Token), CheckpointNote.Read((await ledger.Journal.LatestCheckpointAsync(Token))!)!.Size);
    }

    [Fact]
    public async Task The_file_outside_the_database_gets_every_checkpoint_once_even_after_a_crash()
    {
        var file = Path.Combine(Path.GetTempPath(), "decent-checkpoints-" + ledger.NextName());
        try
        {
            await PostAsync(3);

            // Signed and committed, but the host dies before the file has it.
            await ledger.SequenceAllAsync(ledger.Sequencer());
            await PostAsync(3);
            await ledger.SequenceAllAsync(ledger.Sequencer(file: file));
            await File.AppendAllTextAsync(file, "decent/test\n9", Token);
            await PostAsync(3);
            await ledger.SequenceAllAsync(ledger.Sequencer(file: file));

            var inFile = CheckpointNote.SplitFile(await File.ReadAllTextAsync(file, Token)).Select(CheckpointNote.Read).OfType<Checkpoint>();
            var inBooks = (await ledger.Journal.CheckpointsAsync(0, 1000, Token)).Select(n => CheckpointNote.Read(n)!.Size).ToList();
            Assert.Equal(inBooks[^1], inFile.Max(c => c.Size));
            Assert.True(inFile.Select(c => c.Size).Distinct().Count() >= inBooks.Count - 1);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<List<long>> SequencesAsync()
    {
        await using var connection = await ledger.Database.App.OpenConnectionAsync(Token);
        return (await connection.QueryAsync<long>("select seq from ledger.records order by seq")).AsList();
    }

    private async Task PostAsync(int count) => await ledger.ApplyAsync([.. Enumerable.Range(0, count).Select(_ => Post())]);

    private Posting Post(string from = "user/a") => ledger.Posting(
        ledger.NextId().ToString(), Leg.Debit(from, Dollars(1)), Leg.Credit(from + "b", Dollars(1)));
}
