using System.Data;
using System.Globalization;
using System.Numerics;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Decent.Postgres;

/// <summary>
/// Teaches Dapper the types of this house. Without it a BigInteger reads as a silent zero and an instant with an
/// offset is refused.
/// </summary>
public static class DapperSetup
{
    private static readonly Lock Gate = new();
    private static bool _registered;

    /// <summary>Registers every handler once; later calls do nothing.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (_registered)
            {
                return;
            }

            DefaultTypeMap.MatchNamesWithUnderscores = true;
            SqlMapper.AddTypeHandler(new Int128Handler());
            SqlMapper.AddTypeHandler(new UInt128Handler());
            SqlMapper.AddTypeHandler(new BigIntegerHandler());
            SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
            SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
            SqlMapper.AddTypeHandler(new InstantHandler());
            _registered = true;
        }
    }

    private static void SetNumeric(IDbDataParameter parameter, BigInteger value)
    {
        ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Numeric;
        parameter.Value = value;
    }

    private static BigInteger ToInteger(object value) => value switch
    {
        string text => BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        BigInteger whole => whole,
        long whole => whole,
        int whole => whole,
        short whole => whole,
        decimal number when decimal.Truncate(number) == number => new BigInteger(number),
        _ => throw new DataException(
            $"A {value.GetType().Name} is no whole amount; select numeric columns as column::text."),
    };

    /// <summary>A scalar of a nullable type comes here as DBNull, which Dapper does not take for null by itself.</summary>
    private abstract class Handler<T> : SqlMapper.TypeHandler<T>, SqlMapper.ITypeHandler
        where T : struct
    {
        object? SqlMapper.ITypeHandler.Parse(Type destinationType, object value) =>
            value is DBNull && Nullable.GetUnderlyingType(destinationType) is not null ? null : Parse(value);
    }

    private sealed class Int128Handler : Handler<Int128>
    {
        public override void SetValue(IDbDataParameter parameter, Int128 value) => SetNumeric(parameter, value);

        public override Int128 Parse(object value) => checked((Int128)ToInteger(value));
    }

    private sealed class UInt128Handler : Handler<UInt128>
    {
        public override void SetValue(IDbDataParameter parameter, UInt128 value) => SetNumeric(parameter, value);

        public override UInt128 Parse(object value) => checked((UInt128)ToInteger(value));
    }

    private sealed class BigIntegerHandler : Handler<BigInteger>
    {
        public override void SetValue(IDbDataParameter parameter, BigInteger value) => SetNumeric(parameter, value);

        public override BigInteger Parse(object value) => ToInteger(value);
    }

    private sealed class InstantHandler : Handler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.TimestampTz;
            parameter.Value = value.ToUniversalTime();
        }

        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTime { Kind: DateTimeKind.Utc } instant => new DateTimeOffset(instant),
            DateTimeOffset instant => instant.ToUniversalTime(),
            _ => throw new DataException($"A {value.GetType().Name} is no instant; use timestamptz columns."),
        };
    }
}
