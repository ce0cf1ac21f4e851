using System.Numerics;
using Dapper;

namespace Decent.Postgres.Tests;

public sealed class DapperSetupTests(OpsDatabase fixture) : IClassFixture<OpsDatabase>
{
    private sealed record Row(Int128 Amount, Int128? Nothing, UInt128 Natural, BigInteger Huge, DateTimeOffset HappenedAt);

    [Fact]
    public async Task Amounts_and_instants_survive_the_way_through_a_record()
    {
        await using var connection = await fixture.Database.App.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var instant = new DateTimeOffset(2026, 3, 29, 1, 30, 0, 123, 456, TimeSpan.FromHours(2));

        var row = await connection.QuerySingleAsync<Row>(
            """
            select @amount::numeric(39,0)::text as amount, null::text as nothing, @natural::text as natural,
                   @huge::text as huge, @instant as happened_at
            """,
            new { amount = Int128.MinValue, natural = UInt128.MaxValue, huge = BigInteger.Pow(10, 60), instant });

        Assert.Equal(Int128.MinValue, row.Amount);
        Assert.Null(row.Nothing);
        Assert.Equal(UInt128.MaxValue, row.Natural);
        Assert.Equal(BigInteger.Pow(10, 60), row.Huge);
        Assert.Equal(instant, row.HappenedAt);
        Assert.Equal(TimeSpan.Zero, row.HappenedAt.Offset);
    }

    [Theory]
    [InlineData("select 7::bigint", 7)]
    [InlineData("select 7::int", 7)]
    [InlineData("select 7::numeric(39,0)", 7)]
    [InlineData("select '7'", 7)]
    public async Task A_scalar_is_never_a_silent_zero(string sql, int expected)
    {
        await using var connection = await fixture.Database.App.OpenConnectionAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, await connection.QuerySingleAsync<BigInteger>(sql));
        Assert.Equal(expected, await connection.QuerySingleAsync<Int128>(sql));
    }

    [Fact]
    public async Task A_missing_value_read_alone_is_null()
    {
        await using var connection = await fixture.Database.App.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Null(await connection.QuerySingleAsync<DateTimeOffset?>("select null::timestamptz"));
        Assert.Null(await connection.QuerySingleAsync<Int128?>("select null::text"));
        await Assert.ThrowsAsync<System.Data.DataException>(() =>
            connection.QuerySingleAsync<DateTimeOffset>("select null::timestamptz"));
    }

    [Fact]
    public async Task A_fraction_is_no_amount()
    {
        await using var connection = await fixture.Database.App.OpenConnectionAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<Exception>(() => connection.QuerySingleAsync<Int128>("select 1.5::numeric"));
        await Assert.ThrowsAnyAsync<Exception>(() => connection.QuerySingleAsync<Int128>("select '1e3'"));
    }

    [Fact]
    public async Task An_amount_above_Int128_is_an_error_and_not_a_wrap()
    {
        await using var connection = await fixture.Database.App.OpenConnectionAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<Exception>(
            () => connection.QuerySingleAsync<Int128>("select '170141183460469231731687303715884105728'"));
    }
}
